/** Parts of the wasm are loaded by those who use them, when they do: seen in the CommonJS copy, whose modules Node lists. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename } from 'node:path';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { errorOf, REDIRECT_URI, sandboxForFile } from './support.mjs';

const require = createRequire(import.meta.url);
const { createClient, useWasm } = require('@oakford/aisp');
const sdk = require.resolve('@oakford/aisp/sdk.wasm');
const sandbox = await sandboxForFile();

/** The parts that have been loaded so far. */
const loaded = () =>
  Object.keys(require.cache)
    .map((path) => basename(path))
    .filter((name) => ['fapi.cjs', 'openid.cjs', 'sync.cjs'].includes(name))
    .sort();

async function connect(options, scope = ['accounts', 'offline_access']) {
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    redirectUri: REDIRECT_URI,
    clientId: sandbox.clients.web.clientId,
    scope,
    ...options,
  });
  const { url, pending } = await client.beginAuthorization();
  return client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
}

const fapi = () => {
  const { clientId, privateJwk } = sandbox.clients.fapi;
  return { profile: 'fapi2', clientId, clientAuth: { method: 'private_key_jwt', privateKey: privateJwk } };
};

// In this order: what is loaded stays.
test('a code, a refresh and reading need no part', async () => {
  const session = await connect();
  await session.refresh();
  for await (const transaction of session.transactions('acc_anna_current')) {
    assert.ok(transaction.transactionAmount.amount);
  }
  await session.revoke();
  assert.deepEqual(loaded(), []);
});

test('a part that can not be loaded is a NetworkError before anything is sent, and the next call tries again', async (t) => {
  const session = await connect();
  const load = Module._load;
  Module._load = function (path, ...rest) {
    if (path === './sync.cjs') throw new Error('The server has another version now.');
    return load.call(this, path, ...rest);
  };
  t.after(() => {
    Module._load = load;
  });
  const error = await errorOf(session.sync('acc_anna_current'));
  assert.equal(error.constructor.name, 'NetworkError');
  const { code, retryable, requestSent, cause } = error;
  assert.deepEqual(
    { code, retryable, requestSent, attempts: error.attempts },
    { code: 'part_not_loaded', retryable: true, requestSent: 'no', attempts: 0 },
  );
  assert.match(cause.message, /another version/);
  Module._load = load;
  assert.ok((await session.sync('acc_anna_current')).added.length > 0);
  assert.deepEqual(loaded(), ['sync.cjs']);
});

test('an ID token needs the part for OpenID Connect', async () => {
  const session = await connect({}, ['openid', 'accounts']);
  assert.equal((await session.userInfo()).sub, 'anna');
  assert.deepEqual(loaded(), ['openid.cjs', 'sync.cjs']);
});

test('FAPI 2.0 needs the part for DPoP, PAR and private_key_jwt', async () => {
  const session = await connect(fapi());
  assert.equal((await session.accounts()).items.length, 3);
  assert.deepEqual(loaded(), ['fapi.cjs', 'openid.cjs', 'sync.cjs']);
});

test('whoever brings sdk.wasm has all of it', async (t) => {
  t.after(() => useWasm(readFileSync(sdk)));
  await useWasm(readFileSync(sdk));
  const load = Module._load;
  const asked = [];
  Module._load = function (path, ...rest) {
    asked.push(path);
    return load.call(this, path, ...rest);
  };
  t.after(() => {
    Module._load = load;
  });
  const session = await connect(fapi(), ['openid', 'accounts', 'offline_access']);
  await session.sync('acc_anna_current');
  assert.deepEqual(
    asked.filter((path) => /(fapi|openid|sync)\.cjs$/.test(path)),
    [],
  );
});
