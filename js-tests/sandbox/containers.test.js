// A sandbox as it runs in a container: started by the command, on an address of its own, under a name that clients know.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from '@oakford/aisp';
import { Agent, buildConnector, fetch, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { parse } from 'yaml';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { authorizationRequest, send } from './plain-client.js';

const COMMAND = fileURLToPath(new URL('../../sandbox/bin/aisp-sandbox.js', import.meta.url));
const HOST = '127.0.0.2';
const PUBLIC_URL = 'http://sandbox:8787';
const CALLBACK = 'http://127.0.0.1:3000/callback';

/** Starts the command; gives the port that it listens on, and how to end it. */
async function startCommand(...flags) {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    if (said.includes('Ctrl+C')) break;
  }
  child.stdout.resume();
  const [, host, port] = said.match(/Listens on\s+(\S+):(\d+)/);
  return { said, host, port: Number(port), end: () => child.kill() && ended };
}

/** What a network of containers does: resolves the name `sandbox` to the container. */
function resolving(port) {
  const connect = buildConnector({});
  return new Agent({
    connect(options, done) {
      const isSandbox = options.hostname === 'sandbox' && options.port === '8787';
      connect(isSandbox ? { ...options, hostname: HOST, port } : options, done);
    },
  });
}

describe('the command with --host and --public-url', () => {
  let command;
  let direct;
  before(async () => {
    command = await startCommand('--host', HOST, '--public-url', PUBLIC_URL);
    direct = getGlobalDispatcher();
    setGlobalDispatcher(resolving(command.port));
  });
  after(async () => {
    await getGlobalDispatcher().close();
    setGlobalDispatcher(direct);
    await command.end();
  });

  const client = (options) =>
    createClient({
      environment: { baseUrl: `${PUBLIC_URL}/aisp/v1` },
      allowInsecureHosts: ['sandbox'],
      clientId: 'oakford-demo-web',
      redirectUri: CALLBACK,
      fetch,
      ...options,
    });

  it('the address and the names of the banner are those of the flags', () => {
    assert.equal(command.host, HOST);
    for (const url of [`${PUBLIC_URL}/_sandbox`, `${PUBLIC_URL}/aisp/v1`, `Issuer        ${PUBLIC_URL}\n`])
      assert.ok(command.said.includes(url), url);
  });

  it('every URL of the metadata has the public origin, by whichever name it is asked for', async () => {
    for (const origin of [PUBLIC_URL, `http://${HOST}:${command.port}`]) {
      const metadata = await (await fetch(`${origin}/.well-known/openid-configuration`)).json();
      assert.equal(metadata.issuer, PUBLIC_URL);
      const urls = Object.values(metadata).filter((value) => /^https?:/.test(value));
      assert.equal(urls.length, 8, String(urls));
      for (const url of urls) assert.ok(url === PUBLIC_URL || url.startsWith(`${PUBLIC_URL}/`), url);
    }
  });

  for (const dpop of [false, true]) {
    it(`the SDK connects, reads and refreshes by the public name; dpop: ${dpop}`, async () => {
      const own = await client({ dpop });
      const { url, pending } = await own.beginAuthorization();
      assert.ok(url.startsWith(`${PUBLIC_URL}/oauth/authorize?`), url);
      const callback = await approve(url, { user: 'james' });
      assert.equal(new URL(callback).searchParams.get('iss'), PUBLIC_URL);
      const session = await own.completeAuthorization(callback, pending);
      assert.equal((await session.accounts()).items.length, 3);
      await session.refresh();
      assert.equal((await session.accounts()).items.length, 3);
      assert.equal((await session.userInfo()).sub, 'james');
    });
  }

  it('the same client is refused without allowInsecureHosts, and what is refused names the option', async () => {
    for (const options of [
      { allowInsecureHosts: undefined },
      { allowInsecureHosts: ['sand'] },
      { allowInsecureHosts: ['sandbox:8787'] },
      { allowInsecureHosts: ['*'] },
      { environment: 'production' },
      { environment: { baseUrl: `${PUBLIC_URL}/aisp/v1`, issuer: 'https://sandbox' } },
    ])
      await assert.rejects(client(options), (error) => {
        assert.equal(error.name, 'ConfigurationError');
        assert.match(error.message, /allowInsecureHosts/);
        return true;
      });
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const fapi2 = { profile: 'fapi2', clientAuth: { method: 'private_key_jwt', privateKey, kid: 'k' } };
    await assert.rejects(client(fapi2), {
      name: 'ConfigurationError',
      message: /^`allowInsecureHosts` must be absent .*fapi2/,
    });
  });

  it('the controls answer programs and the own page by the public name, and no foreign page', async () => {
    const info = (headers) => fetch(`${PUBLIC_URL}/_sandbox/info`, { headers });
    assert.equal((await (await info({})).json()).issuer, PUBLIC_URL);
    assert.equal((await info({ Origin: PUBLIC_URL })).status, 200);
    for (const origin of ['http://sandbox:3000', 'http://sandbox', 'http://app:3000'])
      assert.equal((await info({ Origin: origin })).status, 403, origin);
    for (const Host of ['app.example', 'sandbox.app.example', 'sandbox.'])
      assert.equal((await send(command, 'GET', '/_sandbox/info', { Host })).status, 421, Host);
  });
});

it('compose: the sandbox of docs/testing.md answers by its service name and becomes healthy', async (t) => {
  const guide = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');
  const { services } = parse(guide.match(/```yaml\n(services:[\s\S]*?)```/)[1]);
  const { command, healthcheck } = services.sandbox;
  const [program, ...flags] = command.replace(/^npx --yes /, '').split(' ');
  assert.equal(program, '@oakford/aisp-sandbox');
  const sandbox = await startCommand(...flags);
  t.after(() => sandbox.end());
  const { status, text } = await send(sandbox, 'GET', '/_sandbox/info', { Host: 'sandbox:8787' });
  assert.equal(status, 200);
  assert.equal(JSON.parse(text).baseUrl, 'http://sandbox:8787/aisp/v1');
  const [kind, ...check] = healthcheck.test.map((word) => word.replace('8787', sandbox.port));
  assert.deepEqual([kind, spawnSync(check[0], check.slice(1)).status], ['CMD', 0]);
  await sandbox.end();
  assert.notEqual(spawnSync(check[0], check.slice(1)).status, 0);
});

it('loopback only: another address of this machine is not listened on without --host', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  // The address itself is there.
  const server = createServer().listen(0, HOST);
  await new Promise((resolve) => server.once('listening', resolve));
  server.close();
  await assert.rejects(fetch(`http://${HOST}:${sandbox.port}/_sandbox/info`), TypeError);
});

it('all interfaces: answers on each, and its URLs are those of the loopback address', async (t) => {
  for (const host of ['0.0.0.0', '::']) {
    const sandbox = await startSandbox({ host }).catch((error) => {
      if (host === '::' && error.code === 'EAFNOSUPPORT') return undefined;
      throw error;
    });
    if (!sandbox) continue;
    t.after(() => sandbox.close());
    assert.equal(sandbox.issuer, `http://127.0.0.1:${sandbox.port}`);
    for (const name of ['127.0.0.1', 'localhost'])
      assert.equal((await fetch(`http://${name}:${sandbox.port}/_sandbox/info`)).status, 200, name);
  }
});

it('https public URL: the sandbox answers as behind a proxy that ends TLS', async (t) => {
  const sandbox = await startSandbox({ publicUrl: 'https://sandbox.test' });
  t.after(() => sandbox.close());
  assert.equal(sandbox.baseUrl, 'https://sandbox.test/aisp/v1');
  const proxied = { Host: 'sandbox.test', Origin: 'https://sandbox.test' };
  const forged = { ...proxied, 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
  for (const headers of [proxied, forged, {}]) {
    const { text } = await send(sandbox, 'GET', '/.well-known/openid-configuration', headers);
    assert.equal(JSON.parse(text).token_endpoint, 'https://sandbox.test/oauth/token');
  }
  const { url } = authorizationRequest(sandbox);
  const { headers } = await send(sandbox, 'GET', url.pathname + url.search, proxied);
  assert.match(headers.location, /^\/connect\//);
  assert.match(headers['set-cookie'].join(), /; secure/);
  assert.equal((await send(sandbox, 'GET', '/_sandbox', proxied)).status, 200);
});

it('options: what is no host and no origin is refused by name', async () => {
  for (const publicUrl of [
    'sandbox:8787',
    'ftp://sandbox',
    'http://sandbox/path',
    'http://u@sandbox',
    'http://sandbox?x',
    '',
  ])
    await assert.rejects(startSandbox({ publicUrl }), {
      name: 'TypeError',
      message: /^publicUrl must be an http or https URL/,
    });
  for (const host of ['', 'a b', 'http://x'])
    await assert.rejects(startSandbox({ host }), { name: 'TypeError', message: /^host must be a host name/ });
  for (const flags of [
    ['--public-url', 'sandbox'],
    ['--host', ''],
    ['--host', '192.0.2.1'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, '--port', '0', ...flags], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /^aisp-sandbox: .*(host|publicUrl).*\n$/, flags.join(' '));
  }
});
