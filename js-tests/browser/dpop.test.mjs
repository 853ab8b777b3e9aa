// DPoP in a page: the key lies in the browser's database, can't be taken out of it, survives a reload, and is missed when it is gone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { approve, startSandbox } from '@oakford/aisp-sandbox/testing';
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
  if (step === 'begin') {
    const { url, pending } = await client.beginAuthorization();
    sessionStorage.setItem('pending', JSON.stringify(pending));
    return { url };
  }
  const session =
    step === 'complete'
      ? await client.completeAuthorization(callbackUrl, JSON.parse(sessionStorage.getItem('pending')))
      : await client.session();
  try {
    const { items } = await session.accounts();
    const keys = proofs.map((proof) => JSON.parse(atob(proof.split('.')[0])).jwk.x);
    return { accounts: items.length, keys: [...new Set(keys)] };
  } catch ({ name, code, reauthRequired }) {
    return { name, code, reauthRequired };
  }
}

async function newPage() {
  const context = await browser.newContext();
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

test('w9: the key survives a reload, and its private half can’t be taken out of the browser', async () => {
  const { page, run, connect } = await newPage();
  const before = await connect();
  assert.equal(before.accounts, 3);
  assert.equal(before.keys.length, 1);
  await page.reload();
  assert.deepEqual(await run('use'), before);
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

test('d10: a lost key is a typed error that asks for consent anew', async () => {
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
  assert.deepEqual(error, { name: 'OAuthError', code: 'dpop_key_lost', reauthRequired: true });
});

test('a page without dpop does not load the code for keys', async () => {
  loaded.length = 0;
  const { connect } = await newPage();
  assert.equal((await connect({ dpop: false })).accounts, 3);
  assert.ok(loaded.includes('signatures.js') && !loaded.includes('keys.js'), loaded.join());
});

test('w4: a secret or a private key does not build in a page', async () => {
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
    ];
  });
  assert.deepEqual(codes, ['secret_in_browser', 'secret_in_browser', 'secret_in_browser']);
});
