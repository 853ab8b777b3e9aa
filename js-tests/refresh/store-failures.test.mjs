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
import { HOUR_MS, until } from '../support/time.mjs';

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

test('pending-write: new tokens are used from memory and written later when Redis refuses writes', async () => {
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
  await until(async () => (await other()).expiresAt === session.expiresAt);
  assert.equal((await (await other()).accounts()).items.length, 3);
  assert.equal(refreshes(sandbox), 1);
});

test('read-before-refresh: nothing is sent and the session lives when Redis can not be read', async () => {
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

test('call: succeeds without the store when the access token is valid', async () => {
  const connection = await redisConnection(url);
  const { session } = await connect(sandbox, { tokenStore: redisStore(connection, { prefix: 'holds:' }) });
  connection.destroy();
  assert.equal((await session.accounts()).items.length, 3);
  await connection.connect();
});

test('store error: shows no token when the store quotes the value', async () => {
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

test('store error: shows no token in names, messages and codes of the causes', async () => {
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
