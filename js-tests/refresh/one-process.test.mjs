/** Refresh within one process: one at a time, ahead of time, and one replay after a 401. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '@oakford/aisp';
import { callAtOnce, clientOf, connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, startSandbox } from '../support/sandbox.mjs';
import { HOUR_MS, pause } from '../support/time.mjs';

async function sandboxFor(t, options = {}) {
  const sandbox = await startSandbox({ rateLimit: false, ...options });
  t.after(() => sandbox.close());
  return sandbox;
}

test('R1 fifty calls at once with a token that the server has ended lead to one refresh and one replay each', async (t) => {
  const sandbox = await sandboxFor(t);
  const { session } = await connect(sandbox);
  sandbox.clock.advance(2 * HOUR_MS);
  const answers = await callAtOnce(session, 50);
  assert.equal(new Set(answers).size, 1);
  assert.equal(refreshes(sandbox), 1);
  assert.equal(sandbox.requests.count({ path: '/aisp/v1/accounts', status: 401 }), 50);
  assert.equal(sandbox.requests.count({ path: '/aisp/v1/accounts', status: 200 }), 50);
});

test('R1 fifty calls at once with a token that is known to have ended lead to one refresh and no 401', async (t) => {
  const sandbox = await sandboxFor(t, { accessTokenTtl: 4 });
  const { session } = await connect(sandbox);
  await pause(4_100);
  const answers = await callAtOnce(session, 50);
  assert.equal(new Set(answers).size, 1);
  assert.equal(refreshes(sandbox), 1);
  assert.equal(sandbox.requests.count({ status: 401 }), 0);
});

test('R1 clients of one process that share a store lead to one refresh', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  await connect(sandbox, { tokenStore });
  sandbox.clock.advance(2 * HOUR_MS);
  const clients = await Promise.all(Array.from({ length: 10 }, () => clientOf(sandbox, { tokenStore })));
  await Promise.all(clients.map(async (client) => callAtOnce(await client.session(), 5)));
  assert.equal(refreshes(sandbox), 1);
});

test('R1 a store that has no lock gets a lease, and clients that share it lead to one refresh', async (t) => {
  const sandbox = await sandboxFor(t);
  const { get, compareAndSwap } = memoryStore();
  const tokenStore = { get, compareAndSwap };
  await connect(sandbox, { tokenStore });
  sandbox.clock.advance(2 * HOUR_MS);
  const clients = await Promise.all(Array.from({ length: 10 }, () => clientOf(sandbox, { tokenStore })));
  await Promise.all(clients.map(async (client) => callAtOnce(await client.session(), 5)));
  assert.equal(refreshes(sandbox), 1);
  assert.equal(await get('lease:session:default'), null);
});

test('R2 what another client stored is used, not refreshed', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  const { session } = await connect(sandbox, { tokenStore });
  const other = await (await clientOf(sandbox, { tokenStore })).session();
  await other.refresh();
  sandbox.requests.clear();
  await session.refresh();
  await session.accounts();
  assert.equal(refreshes(sandbox), 0);
});

test('a token is renewed a little before its end, so that no call meets a 401', async (t) => {
  const sandbox = await sandboxFor(t, { accessTokenTtl: 5 });
  const { session } = await connect(sandbox);
  const first = session.expiresAt;
  await pause(4_600);
  await session.accounts();
  assert.equal(refreshes(sandbox), 1);
  assert.equal(sandbox.requests.count({ status: 401 }), 0);
  assert.ok(session.expiresAt > first);
});

test('an early refresh that fails costs nothing while the token holds', async (t) => {
  const sandbox = await sandboxFor(t, { accessTokenTtl: 20 });
  const events = [];
  const { session } = await connect(sandbox, { onEvent: (event) => events.push(event) });
  // Due after 18 s at the latest; the server, which counts whole seconds, may end it after 19.
  await pause(18_100);
  sandbox.faults.add({ match: { path: '/oauth/token' }, fault: 'html_502', times: null });
  await callAtOnce(session, 5);
  assert.deepEqual(
    events.filter(({ type }) => type === 'refresh').map(({ error }) => error),
    ['http_502'],
  );
  sandbox.faults.clear();
  await pause(2_000);
  await session.accounts();
  assert.equal(refreshes(sandbox), 1);
});

test('a 401 leads to one refresh and one replay, never to more', async (t) => {
  const sandbox = await sandboxFor(t);
  const { session } = await connect(sandbox);
  sandbox.requests.clear();
  sandbox.faults.add({
    match: { path: '/aisp/v1/accounts' },
    fault: 'status',
    status: 401,
    body: { error: 'invalid_token' },
    times: null,
  });
  const error = await rejection(session.accounts());
  assert.deepEqual([error.status, error.reauthRequired], [401, true]);
  assert.equal(refreshes(sandbox), 1);
  assert.equal(sandbox.requests.count({ path: '/aisp/v1/accounts' }), 2);
});

test('a session that another client replaced or revoked is seen at the next client.session()', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  const { client } = await connect(sandbox, { tokenStore }, { user: 'anna' });
  const { session: replaced } = await connect(sandbox, { tokenStore }, { user: 'james' });
  const { items } = await (await client.session()).accounts();
  assert.ok(items.every(({ accountId }) => accountId.startsWith('acc_james')));
  await replaced.revoke();
  assert.equal(await client.session(), null);
});
