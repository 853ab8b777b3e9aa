/** Parts of the wasm are loaded by those who use them, when they do: in the package as browsers have it, run here. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { createClient, setWasmModule } from '../../pkg/standalone/index.js';
import { REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
const modules = createRequire(import.meta.url)
  .resolve('../../pkg/wasm/fapi.js')
  .replace('fapi.js', '');
const parts = new Map();
for (const name of ['fapi', 'openid', 'psu', 'sync'])
  parts.set((await import(`${modules}${name}.js`)).default.length, name);

/** The parts that were compiled so far; `fail` is what the next one ends with. */
const loaded = [];
let fail;
const { compile } = WebAssembly;
WebAssembly.compile = async (bytes) => {
  const error = fail;
  fail = undefined;
  if (error) throw error;
  const part = parts.get(bytes.byteLength);
  if (part) loaded.push(part);
  return compile(bytes);
};

async function connect(options, request) {
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    redirectUri: REDIRECT_URI,
    clientId: sandbox.clients.web.clientId,
    scope: ['accounts', 'offline_access'],
    ...options,
  });
  const { url, pending } = await client.beginAuthorization(request);
  return client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
}

const fapi = () => {
  const { clientId, privateJwk } = sandbox.clients.fapi;
  return { profile: 'fapi2', clientId, clientAuth: { method: 'private_key_jwt', privateKey: privateJwk } };
};

// In this order: what is loaded stays.
test('parts: a code, a refresh, reading and revoking need none', async () => {
  const session = await connect();
  await session.refresh();
  for await (const { transactionAmount } of session.transactions('acc_anna_current'))
    assert.match(transactionAmount.amount, /^-?\d+\.\d\d$/);
  await session.revoke();
  assert.deepEqual(loaded, []);
});

test('a part that can not be loaded is a NetworkError before anything is sent, and the next call tries again', async () => {
  const session = await connect();
  fail = new TypeError('Failed to fetch dynamically imported module');
  const error = await rejection(session.sync('acc_anna_current'));
  const { name, code, retryable, requestSent, attempts, cause } = error;
  assert.deepEqual(
    { name, code, retryable, requestSent, attempts },
    { name: 'NetworkError', code: 'part_not_loaded', retryable: true, requestSent: 'no', attempts: 0 },
  );
  assert.match(cause.message, /^Failed to fetch/);
  assert.equal((await session.sync('acc_anna_savings')).added.length, 34);
  assert.deepEqual(loaded, ['sync']);
});

test('a code is not spent where the part for its ID token can not be loaded', async () => {
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    redirectUri: REDIRECT_URI,
    clientId: sandbox.clients.web.clientId,
  });
  const { url, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(url, { user: 'anna' });
  fail = new TypeError('Failed to fetch dynamically imported module');
  const error = await rejection(client.completeAuthorization(callbackUrl, pending));
  assert.equal(error.code, 'part_not_loaded');
  const session = await client.completeAuthorization(callbackUrl, pending);
  assert.equal((await session.accounts()).items.length, 3);
  assert.deepEqual(loaded, ['sync', 'openid']);
});

test('an ID token needs the part for OpenID Connect', async () => {
  const session = await connect({ scope: ['openid', 'accounts', 'offline_access'] });
  await session.refresh();
  assert.equal((await session.userInfo()).sub, 'anna');
  assert.deepEqual(loaded, ['sync', 'openid']);
});

test('DPoP, PAR, private_key_jwt and rich authorization requests need the part for FAPI 2.0', async () => {
  const session = await connect(fapi());
  await session.refresh();
  assert.equal((await session.accounts()).items.length, 3);
  const details = { accounts: [{ accountId: 'acc_anna_pln' }], balances: true };
  const narrow = await connect({}, { authorizationDetails: details });
  assert.equal((await narrow.accounts()).items.length, 1);
  assert.deepEqual(loaded, ['sync', 'openid', 'fapi']);
});

test('the option psu needs a part, which is loaded before anything is sent', async () => {
  const session = await connect();
  const psu = { ipAddress: '127.0.0.1' };
  fail = new TypeError('Failed to fetch dynamically imported module');
  assert.equal((await rejection(session.accounts({ psu }))).code, 'part_not_loaded');
  assert.equal((await session.accounts({ psu })).items.length, 3);
  assert.deepEqual(loaded, ['sync', 'openid', 'fapi', 'psu']);
});

test('parts: none is loaded when the application sets sdk.wasm', async () => {
  await setWasmModule(readFileSync(createRequire(import.meta.url).resolve('@oakford/aisp/sdk.wasm')));
  const session = await connect({ ...fapi(), scope: ['openid', 'accounts', 'offline_access'] });
  assert.equal((await session.sync('acc_anna_savings')).added.length, 34);
  assert.deepEqual(loaded, ['sync', 'openid', 'fapi', 'psu']);
});
