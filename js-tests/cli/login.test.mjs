/** `aisp login` and `logout`: the loopback redirect, tokens that later processes find, exit codes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { makeCertificates } from '../support/certificates.mjs';
import { freePort, temporaryFolder } from '../support/machine.mjs';
import { maliciousServer } from '../support/malicious-server.mjs';
import { approve, faultsOn, sandboxForFile } from '../support/sandbox.mjs';
import { aisp, startAisp, storeSession } from './command.mjs';

const sandbox = await sandboxForFile();
const folder = temporaryFolder();
let stores = 0;

/** The options of a new store. */
function options({ clientId } = sandbox.clients.web) {
  const store = join(folder, `store-${++stores}`);
  return { store, args: ['--base-url', sandbox.baseUrl, '--client-id', clientId, '--store', store] };
}

/** The environment in which a customer's browser opens. */
function browserOf(customer) {
  const BROWSER_LOG = join(folder, `browser-${++stores}`);
  const env = {
    BROWSER: join(import.meta.dirname, 'browser.mjs'),
    BROWSER_CUSTOMER: customer,
    BROWSER_LOG,
  };
  /** What the browser got for its two requests: the forged callback and the true one. */
  const visits = async () => {
    for (;;) {
      const lines = existsSync(BROWSER_LOG) ? readFileSync(BROWSER_LOG, 'utf8').trimEnd().split('\n') : [];
      if (lines.length === 2) return lines.map((line) => JSON.parse(line));
      await setTimeout(20);
    }
  };
  return { env, visits };
}

const filesOf = (store) =>
  readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

test('login: opens the browser, answers the callback on a free port of 127.0.0.1, and keeps tokens for later commands', async () => {
  const { store, args } = options();
  const { env, visits } = browserOf('anna');
  const { code, stdout, stderr } = await aisp(['login', ...args], env);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: '' }, stderr);
  assert.match(stderr, /Logged in: 3 accounts can be read until \d{4}-\d\d-\d\d\./);

  const [forged, callback] = await visits();
  const { searchParams } = new URL(callback.url);
  assert.match(searchParams.get('redirect_uri'), /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  assert.equal(searchParams.get('code_challenge_method'), 'S256');
  assert.equal(forged.status, 404, 'a request with another state is none of this login');
  assert.equal(callback.status, 200);
  assert.match(callback.body, /Your bank is connected/);
  assert.match(callback.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(callback.headers['cache-control'], 'no-store');
  assert.equal(callback.headers['referrer-policy'], 'no-referrer');

  const files = filesOf(store);
  for (const file of files) assert.equal(statSync(file).mode & 0o077, 0, file);
  const entries = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const tokens = JSON.parse(entries.find(({ key }) => key.startsWith('session:')).value);
  const secrets = [tokens.accessToken, tokens.refreshToken];
  assert.ok(secrets[0].length > 20 && secrets[1].length > 20);
  const accounts = await aisp(['accounts', '--json', ...args]);
  assert.equal(accounts.code, 0, accounts.stderr);
  assert.equal(accounts.stdout.trim().split('\n').length, 3);
  const printed = [stderr, accounts.stdout, accounts.stderr, callback.body].join('\n');
  for (const secret of secrets) assert.ok(!printed.includes(secret), 'a token is printed');
});

test('login: is complete when the accounts can not be read at once, and says so', async () => {
  const { args } = options();
  const { env } = browserOf('anna');
  const fault = faultsOn(sandbox, '/accounts').times(1).answers(404, { body: '{}' });
  const { code, stderr } = await aisp(['login', ...args], env);
  assert.equal(fault.hits, 1);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Logged in: the accounts can't be read now \(\w+\)\./);
  assert.equal((await aisp(['accounts', '--json', ...args])).code, 0);
});

test('login: prints the URL when no browser can be opened, and ends when the customer comes back', async () => {
  const { args } = options();
  const closed = { BROWSER: '/nonexistent/browser' };
  const { ended, noted } = startAisp(['login', ...args], closed);
  const [, url] = await noted(/To log in, visit:\n\n {2}(\S+)\n/);
  await fetch(await approve(url, { user: 'james' }));
  assert.equal((await ended).code, 0);
});

test('login: ends with exit code 1 and the words of the SDK when the customer denies', async () => {
  const { args } = options();
  const { env, visits } = browserOf('nobody');
  const { code, stderr } = await aisp(['login', ...args], env);
  assert.equal(code, 1);
  assert.match(stderr, /^aisp: .*access_denied/m);
  const [forged, callback] = await visits();
  assert.deepEqual([forged.status, callback.status], [404, 400]);
  assert.match(callback.body, /could not be connected/);
});

test('login: ends with exit code 130 when it is interrupted', async () => {
  const { args } = options();
  const { child, ended, noted } = startAisp(['login', '--no-browser', ...args]);
  await noted(/To log in, visit:/);
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
});

test('login: authenticates with the secret of a file and never prints it', async () => {
  const { args, store } = options(sandbox.clients.server);
  const { env } = browserOf('james');
  const file = `${store}.secret`;
  writeFileSync(file, `${sandbox.clients.server.clientSecret}\n`);
  const result = await aisp(['login', ...args, '--client-secret-file', file], env);
  assert.equal(result.code, 0, result.stderr);
  assert.ok(!result.stderr.includes(sandbox.clients.server.clientSecret));
});

test('logout: revokes the consent and deletes the tokens, so that the next command asks for a login', async () => {
  const { args, store } = options();
  await storeSession(sandbox, store, 'anna');
  const { code } = await aisp(['sync', ...args]);
  assert.equal(code, 0);
  const before = sandbox.requests.count({ path: '/oauth/revoke', status: 200 });
  const result = await aisp(['logout', ...args]);
  assert.equal(result.code, 0, result.stderr);
  assert.ok(sandbox.requests.count({ path: '/oauth/revoke', status: 200 }) > before);
  assert.deepEqual(
    filesOf(store).filter((file) => !file.includes(`${join('sessions', 'marks')}`)),
    [],
  );
  const after = await aisp(['accounts', ...args]);
  assert.equal(after.code, 3);
  assert.match(after.stderr, /nobody is logged in as default@http/);
});

test('sessions: several customers are kept apart by --session', async () => {
  const { args, store } = options();
  for (const name of ['anna', 'james']) {
    await storeSession(sandbox, store, name, name);
  }
  for (const name of ['anna', 'james']) {
    const { stdout } = await aisp(['accounts', '--session', name, ...args]);
    assert.match(stdout, new RegExp(`^acc_${name}_current`, 'm'));
  }
});

test('exit codes: 3 when the consent was revoked, 4 when the same command may succeed later', async (context) => {
  const { args, store } = options();
  await storeSession(sandbox, store, 'noor');
  sandbox.faults.add({ match: { path: '/aisp/v1/accounts' }, fault: 'status', status: 503, times: null });
  context.after(() => sandbox.faults.clear());
  const later = await aisp(['accounts', ...args]);
  assert.equal(later.code, 4, later.stderr);
  assert.match(later.stderr, /^aisp: .*503/m);
  sandbox.faults.clear();
  sandbox.faults.add({ match: { path: '/aisp/v1/accounts' }, fault: 'consent_revoked' });
  const login = await aisp(['accounts', ...args]);
  assert.equal(login.code, 3, login.stderr);
  assert.match(login.stderr, /consent_revoked/);
  assert.match(login.stderr, /npx @oakford\/aisp login/);
});

test('--local: login starts a sandbox that other commands find, until it is interrupted', async () => {
  const port = String(await freePort());
  const store = join(folder, `store-${++stores}`);
  const args = ['--local', '--port', port, '--store', store];
  const none = await aisp(['logout', ...args]);
  assert.equal(none.code, 3);
  assert.match(none.stderr, new RegExp(`no sandbox runs on port ${port}`));
  const { child, ended, noted } = startAisp(['login', '--as', 'james', ...args]);
  await noted(/The sandbox runs until Ctrl\+C/);
  const { code, stdout } = await aisp(['accounts', '--csv', ...args]);
  assert.equal(code, 0);
  assert.equal(stdout.split('\r\n').length, 5);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
});

test('--local: a command logs in by itself when no sandbox runs, and stores nothing', async () => {
  const store = join(folder, `store-${++stores}`);
  const port = String(await freePort());
  const args = ['--local', '--port', port, '--as', 'noor', '--store', store];
  const { code, stdout, stderr } = await aisp(['balances', '--json', ...args]);
  assert.equal(code, 0, stderr);
  assert.ok(
    stdout
      .trim()
      .split('\n')
      .every((line) => JSON.parse(line).accountId.startsWith('acc_noor')),
  );
  assert.throws(() => readdirSync(store), { code: 'ENOENT' });
});

test('--cert and --key: the client is known by its certificate, in the profile fapi2', async () => {
  const { ca, server, client } = makeCertificates();
  const state = await maliciousServer({}, { tls: server, mtls: { ...server, ca } });
  const paths = Object.entries({ ca, cert: client.cert, key: client.key }).map(([name, pem]) => {
    writeFileSync(join(folder, `${name}.pem`), pem);
    return join(folder, `${name}.pem`);
  });
  const [NODE_EXTRA_CA_CERTS, cert, key] = paths;
  const args = ['--base-url', `${state.origin}/aisp/v1`, '--client-id', 'test', '--cert', cert, '--key', key];
  const { child, ended, noted } = startAisp(
    ['login', '--no-browser', '--store', join(folder, `store-${++stores}`), ...args],
    { NODE_EXTRA_CA_CERTS },
  );
  await noted(/visit:/);
  assert.equal(state.at('/oauth/par')[0].certificate, 'client');
  child.kill('SIGINT');
  await ended;
});
