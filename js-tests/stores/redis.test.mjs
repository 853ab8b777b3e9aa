/** The Redis store: keys under its prefix, marks that expire, sessions that stay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redisStore } from '@oakford/aisp/redis';
import { createClient, RESP_TYPES } from 'redis';
import { connect } from '../support/clients.mjs';
import { redisConnection, startRedis } from '../support/redis.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
const redis = await redisConnection(await startRedis());

test('a session is found again through another connection, under the prefix, and does not expire', async () => {
  const tokenStore = redisStore(redis, { prefix: 'bank:' });
  const { client } = await connect(sandbox, { tokenStore });
  assert.equal((await (await client.session()).accounts()).items.length, 3);
  assert.deepEqual((await redis.keys('*session*')).sort(), ['bank:session:default']);
  assert.equal(await redis.pTTL('bank:session:default'), -1);
});

test('marks of completed authorizations and leases expire by themselves', async () => {
  const store = redisStore(redis, { prefix: 'marks:' });
  await store.compareAndSwap('used:state', null, String(Date.now() + 600_000));
  await store.compareAndSwap('lease:session:a', null, `${Date.now() + 10_000} owner`);
  for (const [key, most] of [
    ['marks:used:state', 660_000],
    ['marks:lease:session:a', 70_000],
  ]) {
    const left = await redis.pTTL(key);
    assert.ok(left > 0 && left <= most, `${key}: ${left}`);
  }
});

test('a client of another package is refused in one sentence that says what to bring', async () => {
  const ioredis = { get() {}, eval() {}, defineCommand() {}, status: 'ready' };
  for (const [client, found] of [
    [ioredis, 'one of ioredis'],
    [{ get() {}, eval() {}, send_command() {} }, 'one of an older version'],
    [createClient().connect, 'function'],
    [Promise.resolve(redis), 'a promise'],
    ['redis://localhost', 'string'],
    [undefined, 'undefined'],
  ]) {
    assert.throws(
      () => redisStore(client),
      ({ name, code, path, message }) => {
        assert.deepEqual([name, code, path], ['ConfigurationError', 'invalid_option', 'redisStore.client']);
        assert.match(message, /must be a client of the package redis, version 4 or newer/);
        assert.ok(message.endsWith(`, got ${found}.`), message);
        return true;
      },
    );
  }
});

test('a client that gives bytes fails, and is not taken for a store without the session', async () => {
  const store = redisStore(redis, { prefix: 'bytes:' });
  await store.compareAndSwap('session:a', null, 'value');
  const bytes = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  await assert.rejects(redisStore(bytes, { prefix: 'bytes:' }).get('session:a'), /gave no string/);
});
