// OAuth in a page: what a browser keeps (the DPoP key), hides (headers without CORS exposure, redirects), and lets nobody have (secrets).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { maliciousServer } from '../support/malicious-server.mjs';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { json } from '../support/server.mjs';
import { launchChromium } from './chromium.mjs';

const pkg = join(import.meta.dirname, '..', '..', 'pkg');
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">
{ "imports": { "@oakford/aisp": "/pkg/index.js", "#wasm": "/pkg/wasm/inline.js" } }</script>`;

const sandbox = await startSandbox({ rateLimit: false });
const loaded = [];
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (!pathname.startsWith('/pkg/')) return response.setHeader('content-type', 'text/html').end(PAGE);
  loaded.push(pathname.slice(5));
  const file = await readFile(join(pkg, pathname.slice(5)));
  response.setHeader('content-type', 'text/javascript').end(file);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await launchChromium();
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await sandbox.close();
});

/** Makes the client of this page and, in its store, finds or makes the session; runs in the page. */
async function use({ step, baseUrl, clientId, dpop, callbackUrl }) {
  const { createClient } = await import('@oakford/aisp');
  const tokenStore = {
    async get(key) {
      const value = localStorage.getItem(key);
      return value === null ? null : { value, version: value };
    },
    async compareAndSwap(key, version, value) {
      if (localStorage.getItem(key) !== version) return false;
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
      return true;
    },
  };
  const redirectUri = `${location.origin}/callback`;
  const proofs = [];
  const fetch = (url, init) => {
    if (init.headers.dpop) proofs.push(init.headers.dpop);
    return globalThis.fetch(url, init);
  };
  const client = await createClient({
    environment: { baseUrl },
    clientId,
    redirectUri,
    dpop,
    tokenStore,
    fetch,
  });
  try {
    if (step === 'begin') {
      const { url, pending } = await client.beginAuthorization();
      sessionStorage.setItem('pending', JSON.stringify(pending));
      return { url, pending };
    }
    const session =
      step === 'complete'
        ? await client.completeAuthorization(callbackUrl, JSON.parse(sessionStorage.getItem('pending')))
        : await client.session();
    const { items } = await session.accounts();
    const keys = proofs.map((proof) => JSON.parse(atob(proof.split('.')[0])).jwk.x);
    const made = proofs.map((proof) => JSON.parse(atob(proof.split('.')[1])).iat);
    return { accounts: items.length, keys: [...new Set(keys)], made };
  } catch ({ name, code, message, reauthRequired }) {
    return { name, code, message, reauthRequired };
  }
}

async function newPage({ skewMs = 0 } = {}) {
  const context = await browser.newContext();
  await context.addInitScript((skewMs) => {
    const { now } = Date;
    Date.now = () => now() + skewMs;
  }, skewMs);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const run = (step, more) =>
    page.evaluate(use, {
      step,
      baseUrl: sandbox.baseUrl,
      clientId: sandbox.clients.web.clientId,
      dpop: true,
      ...more,
    });
  const connect = async (more) => {
    const { url } = await run('begin', more);
    const callbackUrl = await approve(url, { user: 'anna' });
    await page.reload();
    return run('complete', { callbackUrl, ...more });
  };
  return { page, run, connect };
}

test('unexportable-key: the key survives a reload, and its private half can’t be taken out of the browser', async () => {
  const { page, run, connect } = await newPage();
  const before = await connect();
  assert.equal(before.accounts, 3);
  assert.equal(before.keys.length, 1);
  await page.reload();
  assert.deepEqual((await run('use')).keys, before.keys);
  const kept = await page.evaluate(async () => {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open('oakford-aisp-dpop');
      opening.onsuccess = () => resolve(opening.result);
    });
    const ask = (name) =>
      new Promise((resolve) => {
        const asked = database.transaction('keys').objectStore('keys')[name]();
        asked.onsuccess = () => resolve(asked.result);
      });
    const [{ privateKey }] = await ask('getAll');
    const refusal = await crypto.subtle.exportKey('jwk', privateKey).catch(({ name }) => name);
    return { issuers: await ask('getAllKeys'), extractable: privateKey.extractable, refusal };
  });
  assert.deepEqual(kept, { issuers: [sandbox.issuer], extractable: false, refusal: 'InvalidAccessError' });
});

test('lost-key: a lost key is a typed error with reauthRequired', async () => {
  const { page, run, connect } = await newPage();
  await connect();
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('oakford-aisp-dpop').onsuccess = resolve;
      }),
  );
  await page.reload();
  const error = await run('use');
  assert.deepEqual(
    [error.name, error.code, error.reauthRequired],
    ['OAuthError', 'dpop_key_lost', true],
    error.message,
  );
});

const isNow = (seconds) => Math.abs(seconds - Date.now() / 1000) < 10;

/** What a page of another origin gets from a server that answers by `answer` at `path`, and whose header fields `exposes` it may read. */
async function connectToHostile(path, answer, exposes = '') {
  const state = await maliciousServer({ answers: { [path]: answer } }, { exposes });
  const { run } = await newPage();
  const server = { baseUrl: `${state.origin}/aisp/v1`, clientId: 'test' };
  const begun = await run('begin', server);
  if (begun.code) return begun;
  state.nonce = begun.pending.nonce;
  const query = new URLSearchParams({ code: 'c', state: begun.pending.state, iss: state.origin });
  return run('complete', { ...server, callbackUrl: `${begun.pending.redirectUri}?${query}` });
}

/** The same where the server demands a nonce. */
function demanding(path, refuse, exposes) {
  const demand = ({ request, response }) => {
    const [, claims] = request.headers.dpop.split('.');
    const { nonce } = JSON.parse(Buffer.from(claims, 'base64url'));
    if (nonce === 'n-1') return false;
    response.setHeader('dpop-nonce', 'n-1');
    return refuse(response);
  };
  return connectToHostile(path, demand, exposes);
}

const CHALLENGE = { 'www-authenticate': 'DPoP error="use_dpop_nonce"' };
for (const [name, path, refuse] of [
  ['the token endpoint', '/oauth/token', (response) => json(response, { error: 'use_dpop_nonce' }, 400)],
  [
    'the API, by its body',
    '/aisp/v1/accounts',
    (response) => json(response, { error: 'use_dpop_nonce' }, 401, CHALLENGE),
  ],
  [
    'the API, by its challenge alone',
    '/aisp/v1/accounts',
    (response) => response.writeHead(401, CHALLENGE).end(),
  ],
]) {
  test(`unreadable-nonce: a nonce that ${name} asks for and CORS hides is an error that says so`, async () => {
    const hidden = await demanding(path, refuse, 'Date');
    assert.deepEqual([hidden.name, hidden.code], ['OAuthError', 'dpop_nonce_unreadable']);
    // A code that was sent is spent, while a session is not lost for want of a header.
    assert.equal(hidden.reauthRequired, path === '/oauth/token');
    assert.match(
      hidden.message,
      /`DPoP-Nonce` and `WWW-Authenticate` in the server.s `Access-Control-Expose-Headers`/,
    );
    for (const exposes of ['DPoP-Nonce, WWW-Authenticate', 'DPoP-Nonce']) {
      assert.equal((await demanding(path, refuse, exposes)).accounts, 0, exposes);
    }
  });
}

test('server-clock: a page on a machine whose clock is wrong takes the server’s', async () => {
  for (const minutes of [-30, 30]) {
    const { connect } = await newPage({ skewMs: minutes * 60_000 });
    const { accounts, made } = await connect();
    assert.equal(accounts, 3);
    assert.ok(isNow(made.at(-1)), `${minutes} min`);
  }
});

test('server-clock: the clock is not learned from an answer that the browser may have had in its cache', async () => {
  const old = ({ response }) =>
    void response.setHeader('date', new Date(Date.now() - 1_800_000).toUTCString());
  // The last answer before the code is exchanged.
  const { made } = await connectToHostile('/oauth/jwks', old, 'Date');
  assert.ok(made.length > 0 && made.every(isNow), made.join());
});

test('no-redirects: a page follows no redirect, to any server', async () => {
  const trap = await maliciousServer({}, { exposes: '' });
  for (const path of [
    '/.well-known/openid-configuration',
    '/oauth/token',
    '/oauth/jwks',
    '/aisp/v1/accounts',
  ]) {
    const error = await connectToHostile(path, ({ response }) => {
      response.writeHead(307, { location: trap.origin + path }).end();
      return true;
    });
    assert.deepEqual([error.name, error.code], ['ResponseError', 'unexpected_redirect'], path);
  }
  assert.deepEqual(trap.requests, []);
});

test('a page without dpop does not load the code for keys', async () => {
  loaded.length = 0;
  const { connect } = await newPage();
  assert.equal((await connect({ dpop: false })).accounts, 3);
  assert.ok(loaded.includes('signatures.js') && !loaded.includes('keys.js'), loaded.join());
});

test('no-browser-secret: a secret or a private key does not build in a page', async () => {
  const { page } = await newPage();
  const codes = await page.evaluate(async () => {
    const { createClient } = await import('@oakford/aisp');
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
    ]);
    const common = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/' };
    const code = (options) =>
      createClient({ ...common, ...options }).then(
        () => 'built',
        ({ code }) => code,
      );
    const clientAuth = { method: 'private_key_jwt', privateKey };
    return [
      await code({ clientSecret: 's' }),
      await code({ clientAuth }),
      await code({ profile: 'fapi2', clientAuth }),
      // A page is none, whatever it says.
      await code({ clientSecret: 's', runtime: 'server' }),
    ];
  });
  assert.deepEqual(codes, Array(4).fill('secret_in_browser'));
});
