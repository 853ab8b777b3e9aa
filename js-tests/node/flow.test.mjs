/** The whole path against the sandbox: authorize, exchange, read, refresh, revoke. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, OAuthError } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { clientOf, connect, REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();

/** Each way to authenticate, as options of createClient. */
const methods = {
  'a secret in the Basic header': ({ server }) => ({
    clientId: server.clientId,
    clientSecret: server.clientSecret,
  }),
  'a secret in the body': ({ serverPost }) => ({
    clientId: serverPost.clientId,
    clientSecret: serverPost.clientSecret,
    clientAuth: { method: 'client_secret_post' },
  }),
  'an id and a secret that need form-encoding': ({ oddCharacters }) => ({
    clientId: oddCharacters.clientId,
    clientSecret: oddCharacters.clientSecret,
  }),
  'PKCE alone, as a public client': ({ web }) => ({ clientId: web.clientId }),
};

for (const [name, options] of Object.entries(methods)) {
  test(`a customer connects and is read with ${name}`, async () => {
    const client = await createClient({
      environment: { baseUrl: sandbox.baseUrl },
      redirectUri: REDIRECT_URI,
      ...options(sandbox.clients),
    });
    const { url, pending } = await client.beginAuthorization({ loginHint: 'anna' });
    const session = await client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
    const { items } = await session.accounts();
    assert.deepEqual(
      items.map(({ accountId }) => accountId),
      ['acc_anna_current', 'acc_anna_savings', 'acc_anna_pln'],
    );
    await session.refresh();
    assert.equal((await session.account('acc_anna_pln')).currency, 'PLN');
  });
}

test('the session tells when it ends and what it may, and shows no token', async () => {
  const { session } = await connect(sandbox);
  assert.match(session.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(session.scope, ['openid', 'accounts', 'offline_access']);
  assert.deepEqual(JSON.parse(JSON.stringify(session)), {
    key: 'default',
    expiresAt: session.expiresAt,
    scope: 'openid accounts offline_access',
  });
});

test('every account of every customer has balances and transactions', async () => {
  for (const user of ['anna', 'james', 'noor']) {
    const { session } = await connect(sandbox, {}, { user });
    for await (const { accountId, currency } of session.accounts({ withBalances: true })) {
      const { items } = await session.balances(accountId);
      assert.equal(items.length, accountId === 'acc_james_mortgage' ? 2 : 4);
      assert.equal(items[0].balanceAmount.currency, currency);
      const [row] = await session.transactions(accountId).all({ limit: 1 });
      assert.match(row.transactionAmount.amount, /^-?\d+(\.\d+)?$/);
    }
  }
});

test('a session is found again under its key, and another key has none', async () => {
  const { client } = await connect(sandbox);
  const again = await client.session('default');
  assert.equal((await again.accounts()).items.length, 3);
  assert.equal(await client.session('somebody else'), null);
});

test('completing under a key that has a session replaces it', async () => {
  const client = await clientOf(sandbox);
  for (const [user, first] of [
    ['anna', 'acc_anna_current'],
    ['james', 'acc_james_current'],
  ]) {
    const { url, pending } = await client.beginAuthorization();
    const session = await client.completeAuthorization(await approve(url, { user }), pending, { key: 'one' });
    assert.equal((await session.accounts()).items[0].accountId, first);
  }
});

test('only the accounts that the customer ticked are read', async () => {
  const { session } = await connect(sandbox, {}, { user: 'anna', accounts: ['acc_anna_pln'] });
  assert.deepEqual(
    (await session.accounts()).items.map(({ accountId }) => accountId),
    ['acc_anna_pln'],
  );
  const error = await rejection(session.balances('acc_anna_current'));
  assert.equal(error.code, 'account_not_found');
});

test('a token that ended is renewed by itself, once for all calls that wait', async () => {
  const { session } = await connect(sandbox);
  const before = sandbox.requests.count({ grantType: 'refresh_token' });
  sandbox.clock.advance(2 * 3600 * 1000);
  await Promise.all(Array.from({ length: 20 }, () => session.accounts()));
  sandbox.clock.reset();
  assert.equal(sandbox.requests.count({ grantType: 'refresh_token' }), before + 1);
});

test('a revoked session is gone at the server and in the store', async () => {
  const { client, session } = await connect(sandbox);
  await session.revoke();
  assert.equal(await client.session(), null);
  const error = await rejection(session.accounts());
  assert.ok(error instanceof OAuthError);
  assert.deepEqual([error.code, error.reauthRequired], ['session_not_found', true]);
});

test('a result comes with status, headers and request id where they are asked for', async () => {
  const { session } = await connect(sandbox);
  const { data, status, headers, requestId } = await session.account('acc_anna_pln').withResponse();
  assert.equal(data.accountId, 'acc_anna_pln');
  assert.equal(status, 200);
  assert.equal(headers.get('x-request-id'), requestId);
  const list = await session.transactions('acc_anna_pln', { limit: 2 }).withResponse();
  assert.equal(list.data.items.length, 2);
});
