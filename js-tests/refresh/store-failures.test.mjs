/** A token store that fails, at every moment of a refresh: Redis that refuses writes, or that is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { memoryStore } from '@oakford/aisp';
import { redisStore } from '@oakford/aisp/redis';
import { approve } from '@oakford/aisp-sandbox/testing';
import { callAtOnce, clientOf, connect } from '../support/clients.mjs';
import { fetchWith } from '../support/fetch.mjs';
import { redisConnection, startRedis } from '../support/redis.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile } from '../support/sandbox.mjs';
import { HOUR_MS, pause } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const url = await startRedis();
const redis = await redisConnection(url);

/** Has Redis refuse every write, as it does when its replicas are gone. */
const refuseWrites = () => redis.configSet('min-replicas-to-write', '1');
const takeWrites = () => redis.configSet('min-replicas-to-write', '0');

async function ended(options) {
  const connected = await connect(sandbox, options);
  sandbox.clock.advance(2 * HOUR_MS);
  sandbox.requests.clear();
  return connected;
}

test('R3 new tokens are in the store before any call uses them', async () => {
  const inner = memoryStore();
  const order = [];
  let [session, another] = [];
  const tokenStore = {
    ...inner,
    async compareAndSwap(key, ...rest) {
      // A call that begins while the store is still writing has to wait, too.
      if (key === 'session:default' && session) another ??= session.accounts().then(({ items }) => items);
      await pause(100);
      const swapped = await inner.compareAndSwap(key, ...rest);
      if (key === 'session:default') order.push('stored');
      return swapped;
    },
  };
  const recording = (url, init) => {
    if (url.endsWith('/accounts')) order.push(init.headers.authorization);
    return fetch(url, init);
  };
  ({ session } = await ended({ tokenStore, fetch: recording }));
  order.length = 0;
  await session.accounts();
  assert.equal((await another).length, 3);
  const [old] = order;
  const observed = order.map((entry) =>
    entry === 'stored' ? entry : entry === old ? 'the old token' : 'the new one',
  );
  assert.deepEqual(observed, ['the old token', 'the old token', 'stored', 'the new one', 'the new one']);
});

test('R4 tokens that the store would not take are kept in hand, used, and written once the store takes them', async () => {
  const tokenStore = redisStore(redis, { prefix: 'r4:' });
  const { client, session } = await ended({ tokenStore, fetch: fetchWith({ after: refuseWrites }) });
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.retryable, error.reauthRequired],
    ['ConfigurationError', 'tokens_not_stored', true, false],
  );
  assert.match(error.cause.message, /NOREPLICAS/);
  assert.equal(new Set(await callAtOnce(session, 10)).size, 1);
  assert.equal((await (await client.session()).accounts()).items.length, 3);

  await takeWrites();
  const other = async () => (await clientOf(sandbox, { tokenStore })).session();
  for (let i = 0; i < 50 && (await other()).expiresAt !== session.expiresAt; i++) await pause(200);
  assert.equal((await (await other()).accounts()).items.length, 3);
  assert.equal(refreshes(sandbox), 1);
});

test('R4 tokens in hand that end too are renewed all the same', async () => {
  const tokenStore = redisStore(redis, { prefix: 'r4-again:' });
  const { session } = await ended({ tokenStore, fetch: fetchWith({ after: refuseWrites }) });
  assert.equal((await rejection(session.accounts())).code, 'tokens_not_stored');
  sandbox.clock.advance(2 * HOUR_MS);
  assert.equal((await rejection(session.accounts())).code, 'tokens_not_stored');
  assert.equal((await session.accounts()).items.length, 3);
  await takeWrites();
  assert.equal(refreshes(sandbox), 2);
});

test('R4 the tokens of a new connection are kept in hand too', async () => {
  const tokenStore = redisStore(redis, { prefix: 'new:' });
  const { client, session: first } = await connect(sandbox, { tokenStore });
  await first.revoke();
  const refusing = await clientOf(sandbox, {
    tokenStore,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (url.endsWith('/oauth/token')) await refuseWrites();
      return response;
    },
  });
  const { url: start, pending } = await refusing.beginAuthorization();
  const error = await rejection(refusing.completeAuthorization(await approve(start), pending));
  assert.equal(error.code, 'tokens_not_stored');
  assert.equal((await (await refusing.session()).accounts()).items.length, 3);
  await takeWrites();
  let stored = null;
  for (let i = 0; i < 50 && stored === null; i++) {
    await pause(200);
    stored = await client.session();
  }
  assert.equal((await stored.accounts()).items.length, 3);
});

test('R2 while the store can not be read nothing is sent, and the session lives on', async () => {
  const connection = await redisConnection(url);
  const tokenStore = redisStore(connection, { prefix: 'gone:' });
  const { client, session } = await ended({ tokenStore });
  connection.destroy();
  const error = await rejection(session.accounts());
  assert.deepEqual([error.code, error.retryable, error.reauthRequired], ['token_store_failed', true, false]);
  assert.ok(error.cause instanceof Error);
  assert.equal(refreshes(sandbox), 0);
  assert.ok(await client.session(), 'memory still has it');
  await connection.connect();
  assert.equal((await session.accounts()).items.length, 3);
});

test('while the token holds, a store that is gone stops nothing', async () => {
  const connection = await redisConnection(url);
  const { session } = await connect(sandbox, { tokenStore: redisStore(connection, { prefix: 'holds:' }) });
  connection.destroy();
  assert.equal((await session.accounts()).items.length, 3);
  await connection.connect();
});

test('no error of a store shows a token, whatever the store says', async () => {
  const inner = memoryStore();
  let values = [];
  const tokenStore = {
    get: inner.get,
    async compareAndSwap(key, version, value) {
      if (values.length > 0 && value?.includes('accessToken')) throw new Error(`could not write ${value}`);
      if (value?.includes('accessToken')) values = Object.values(JSON.parse(value));
      return inner.compareAndSwap(key, version, value);
    },
  };
  const { session } = await connect(sandbox, { tokenStore });
  const error = await rejection(session.refresh());
  assert.equal(error.code, 'tokens_not_stored');
  const shown = inspect(error, { depth: 9 });
  assert.match(shown, /could not write/);
  assert.doesNotMatch(shown, /"refreshToken":"(?!\[redacted\])/);
  assert.doesNotMatch(shown, /"accessToken":"(?!\[redacted\])/);
});

test('no error of a store shows a token in a name, message or code, however deep in the chain', async () => {
  const inner = memoryStore();
  let fails = false;
  const tokenStore = {
    ...inner,
    async get(key) {
      const entry = await inner.get(key);
      if (!fails || !entry) return entry;
      const { accessToken, refreshToken } = JSON.parse(entry.value);
      // What a store knows that this client does not: the tokens of another process, and a password.
      const other = { ...JSON.parse(entry.value), accessToken: 'other-process-token' };
      let error = new Error(`at redis://user:p4ssword@host holding ${JSON.stringify(other)}`);
      for (let depth = 0; depth < 3; depth++) {
        error = new Error(`${depth}: ${accessToken}`, { cause: error });
        error.name = `Failure ${refreshToken}`;
        error.code = `E_${accessToken}`;
      }
      throw error;
    },
  };
  const { client, session } = await connect(sandbox, { tokenStore });
  const tokens = JSON.parse((await inner.get('session:default')).value);
  const { url: start, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(start);
  fails = true;
  for (const work of [() => session.refresh(), () => client.completeAuthorization(callbackUrl, pending)]) {
    const error = await rejection(work);
    assert.equal(error.code, 'token_store_failed');
    assert.match(error.cause.name, /^Failure \[redacted\]$/);
    assert.match(error.cause.cause.cause.cause.message, /^at redis:\/\/\[redacted\]@host holding/);
    const shown = inspect(error, { depth: 9 });
    const secrets = [tokens.accessToken, tokens.refreshToken, 'other-process-token', 'p4ssword'];
    for (const secret of secrets) assert.ok(!shown.includes(secret), shown);
  }
});
