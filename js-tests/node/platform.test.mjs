/** What the platform lacks is named when the client is created, and only where the client needs it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { ConfigurationError, createClient, memoryStore } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { clientOf, REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();

/** Runs a module in a process of its own, where the platform can be changed before the SDK starts; it prints JSON. */
async function outcome(program, flags = []) {
  const code = `
    import { ConfigurationError, createClient } from '@oakford/aisp';
    const options = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' };
    const created = (more) => createClient({ ...options, ...more }).then(() => 'created', (error) => {
      const { code, message, retryable, cause } = error;
      return { configuration: error instanceof ConfigurationError, code, message, retryable, cause: cause?.name };
    });
    console.log(JSON.stringify(await (async () => { ${program} })()));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '--eval', code],
    { cwd: join(import.meta.dirname, '..', '..') },
  );
  return JSON.parse(stdout);
}

/** The platform without one thing, and what the error says of it. */
const LACKS = {
  TextDecoder: ['delete globalThis.TextDecoder;', 'text_encoding_unavailable', /no `TextDecoder`,.*jsdom/],
  TextEncoder: ['delete globalThis.TextEncoder;', 'text_encoding_unavailable', /no `TextEncoder`,.*jsdom/],
  fetch: ['delete globalThis.fetch;', 'fetch_unavailable', /no `fetch`,.*option `fetch`/],
  crypto: ['delete globalThis.crypto;', 'no_randomness', /no `crypto\.getRandomValues`,/],
  'crypto.getRandomValues': [
    "Object.defineProperty(globalThis, 'crypto', { value: { subtle: crypto.subtle } });",
    'no_randomness',
    /no `crypto\.getRandomValues`,/,
  ],
  'crypto.subtle': [
    "Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: crypto.getRandomValues } });",
    'crypto_unavailable',
    /no `crypto\.subtle`, which the scope `openid`,.*https/,
  ],
};

for (const [name, [change, code, message]] of Object.entries(LACKS)) {
  test(`platform: createClient names ${name} if it is missing`, async () => {
    const error = await outcome(`${change} return created();`);
    assert.deepEqual([error.configuration, error.code], [true, code], error.message);
    assert.match(error.message, message);
  });
}

test('platform: createClient names WebAssembly if --jitless turns it off', async () => {
  const error = await outcome('return created({ fetch: () => {} });', ['--jitless']);
  assert.deepEqual([error.configuration, error.code], [true, 'wasm_unavailable'], error.message);
  assert.match(error.message, /no WebAssembly,.*Lockdown Mode/);
});

test('platform: preload and setWasmModule name WebAssembly if it is missing', async () => {
  const codes = await outcome(`
    const { preload, setWasmModule } = await import('@oakford/aisp');
    delete globalThis.WebAssembly;
    const code = (work) => work.then(() => 'done', (error) => error.code);
    return [await code(preload()), await code(setWasmModule(new Uint8Array()))];`);
  assert.deepEqual(codes, ['wasm_unavailable', 'wasm_unavailable']);
});

test('platform: createClient says that memory is missing if the address space is full, and works once there is some', async () => {
  const [full, empty] = await outcome(
    `globalThis.held = [];
    try { for (;;) held.push(new WebAssembly.Memory({ initial: 1 })); } catch {}
    const full = await created();
    globalThis.held = undefined;
    gc();
    return [full, await created()];`,
    ['--expose-gc'],
  );
  assert.deepEqual(
    [full.configuration, full.code, full.retryable, full.cause],
    [true, 'wasm_memory', true, 'RangeError'],
    full.message,
  );
  assert.equal(empty, 'created');
});

test('platform: a given fetch does without the global one', async () => {
  assert.equal(await outcome('delete globalThis.fetch; return created({ fetch: () => {} });'), 'created');
});

/** Runs `work` without `crypto.subtle`, as on a page that was served by http. */
async function withoutSubtle(work) {
  const whole = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const { crypto } = globalThis;
  const part = { getRandomValues: (bytes) => crypto.getRandomValues(bytes) };
  Object.defineProperty(globalThis, 'crypto', { value: part, configurable: true });
  try {
    return await work();
  } finally {
    Object.defineProperty(globalThis, 'crypto', whole);
  }
}

const plain = { scope: ['accounts', 'offline_access'] };

test('platform: a client that signs and verifies nothing does without crypto.subtle', async () => {
  await withoutSubtle(async () => {
    const client = await clientOf(sandbox, plain);
    const { url, pending } = await client.beginAuthorization();
    const session = await client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
    await session.refresh();
    assert.equal((await session.accounts()).items.length, 3);
    assert.equal((await session.sync('acc_anna_savings')).added.length, 34);
    await session.revoke();
  });
});

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

/** Whatever signs or verifies. */
const SIGNING = {
  'the scope openid': { scope: ['openid', 'accounts'] },
  'the default scope': {},
  dpop: { ...plain, dpop: true },
  'dpop with a key': { ...plain, dpop: privateKey },
  private_key_jwt: { ...plain, clientAuth: { method: 'private_key_jwt', privateKey } },
  'the profile fapi2': {
    ...plain,
    profile: 'fapi2',
    clientAuth: { method: 'private_key_jwt', privateKey },
  },
};

for (const [name, options] of Object.entries(SIGNING)) {
  test(`platform: createClient names crypto.subtle if it is missing and ${name} needs it`, async () => {
    const good = { environment: 'sandbox', clientId: 'a', redirectUri: REDIRECT_URI };
    const error = await withoutSubtle(() => rejection(createClient({ ...good, ...options })));
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.code, 'crypto_unavailable');
    assert.match(error.message, /crypto\.subtle/);
  });
}

test('platform: beginAuthorization with the scope openid sends nothing if crypto.subtle is missing', async () => {
  await withoutSubtle(async () => {
    const client = await clientOf(sandbox, plain);
    const before = sandbox.requests.length;
    const error = await rejection(client.beginAuthorization({ scope: ['openid', 'accounts'] }));
    assert.deepEqual([error.code, error.requestSent], ['crypto_unavailable', 'no']);
    assert.equal(sandbox.requests.length, before);
    assert.ok((await client.beginAuthorization()).url);
  });
});

test('platform: a code is not spent if crypto.subtle is missing for its ID token, and completes where it is there', async () => {
  const { url, pending } = await (await clientOf(sandbox)).beginAuthorization();
  const callbackUrl = await approve(url, { user: 'anna' });
  const client = await clientOf(sandbox, plain);
  const before = sandbox.requests.count({ path: '/oauth/token' });
  const error = await withoutSubtle(() => rejection(client.completeAuthorization(callbackUrl, pending)));
  assert.deepEqual([error.code, error.reauthRequired], ['crypto_unavailable', false]);
  assert.equal(sandbox.requests.count({ path: '/oauth/token' }), before);
  assert.ok(await client.completeAuthorization(callbackUrl, pending));
});

test('platform: a refresh token is not sent if crypto.subtle is missing for the ID token of the answer', async () => {
  const tokenStore = memoryStore();
  const openid = await clientOf(sandbox, { tokenStore });
  const { url, pending } = await openid.beginAuthorization();
  await openid.completeAuthorization(await approve(url, { user: 'anna' }), pending);
  const session = await (await clientOf(sandbox, { ...plain, tokenStore })).session();
  const before = sandbox.requests.count({ grantType: 'refresh_token' });
  const error = await withoutSubtle(() => rejection(session.refresh()));
  assert.deepEqual([error.code, error.reauthRequired], ['crypto_unavailable', false]);
  assert.equal(sandbox.requests.count({ grantType: 'refresh_token' }), before);
  await session.refresh();
});

test('platform: an ID token is not called forged if crypto.subtle is gone when it comes', async () => {
  let came;
  const answered = new Promise((resolve) => {
    came = resolve;
  });
  let goOn;
  const taken = new Promise((resolve) => {
    goOn = resolve;
  });
  const client = await clientOf(sandbox, {
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (!url.endsWith('/oauth/token')) return response;
      const body = await response.arrayBuffer();
      came();
      await taken;
      return new Response(body, response);
    },
  });
  const { url, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(url, { user: 'anna' });
  const completing = rejection(client.completeAuthorization(callbackUrl, pending));
  await answered;
  const error = await withoutSubtle(() => {
    goOn();
    return completing;
  });
  assert.deepEqual([error.code, error.reauthRequired], ['crypto_unavailable', true]);
});

test('platform: a CryptoKey is taken if its class is another realm’s', async (t) => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const { CryptoKey } = globalThis;
  delete globalThis.CryptoKey;
  t.after(() => Object.assign(globalThis, { CryptoKey }));
  assert.ok(await clientOf(sandbox, { dpop: pair }));
});

/** What another realm's `fetch` throws, as under Jest, whose tests have other classes than Node. */
const FOREIGN = {
  'with a cause':
    "Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })",
  'with the errors of several addresses':
    "new TypeError('fetch failed', { cause: new AggregateError([Object.assign(new Error('x'), { code })], '') })",
};

for (const [name, thrown] of Object.entries(FOREIGN)) {
  test(`platform: a request is known as not sent if the error ${name} is another realm’s`, async () => {
    const fetch = async () => {
      throw runInNewContext(thrown, { code: 'ECONNREFUSED' });
    };
    const client = await clientOf(sandbox, { fetch, maxRetries: 0 });
    const { code, requestSent, cause } = await rejection(client.beginAuthorization());
    assert.deepEqual([code, requestSent], ['connection_failed', 'no']);
    assert.equal(cause.message, 'fetch failed');
  });
}

test('runtime: a page’s globals refuse a secret, and runtime server takes it in a server’s process', async (t) => {
  for (const name of ['document', 'window']) {
    globalThis[name] = {};
    t.after(() => delete globalThis[name]);
    const error = await rejection(clientOf(sandbox));
    assert.deepEqual([error.name, error.code], ['ConfigurationError', 'secret_in_browser']);
    assert.match(error.message, /runtime: 'server'/);
    const agents = [];
    const watched = (url, init) => {
      agents.push(init.headers['user-agent']);
      return fetch(url, init);
    };
    const client = await clientOf(sandbox, { runtime: 'server', fetch: watched });
    const { url, pending } = await client.beginAuthorization();
    assert.ok(await client.completeAuthorization(await approve(url, { user: 'anna' }), pending));
    for (const agent of agents) assert.match(agent, /^oakford-aisp\//);
    delete globalThis[name];
  }
});

test('runtime: a page outside of a server’s process stays one, and a worker that names no runtime can be a server', async () => {
  const codes = await outcome(`
    delete globalThis.navigator;
    Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true, writable: true });
    const code = async (more) => { const result = await created({ clientSecret: 's', ...more }); return result.code ?? result; };
    globalThis.WorkerGlobalScope = class {};
    const worker = [await code(), await code({ runtime: 'server' })];
    delete globalThis.WorkerGlobalScope;
    globalThis.document = {};
    return [...worker, await code(), await code({ runtime: 'server' })];`);
  assert.deepEqual(codes, ['secret_in_browser', 'created', 'secret_in_browser', 'secret_in_browser']);
});

test('runtime: another word is refused', async () => {
  const error = await rejection(clientOf(sandbox, { runtime: 'node' }));
  assert.deepEqual([error.code, error.path], ['invalid_option', 'runtime']);
});
