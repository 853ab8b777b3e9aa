/** Entries that can't be read: the session says so, nothing is deleted, and only a new connection replaces them. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { encryptedStore, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { approve } from '@oakford/aisp-sandbox/testing';
import { aesKey } from '../support/aes-key.mjs';
import { clientOf, connect } from '../support/clients.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { openTabs } from '../support/page.mjs';
import { redisConnection, startRedis } from '../support/redis.mjs';
import { factsOf, rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const redis = await redisConnection(await startRedis());

function files(text) {
  const directory = temporaryFolder();
  const make = () => fileStore({ directory });
  const fileOf = () =>
    join(
      directory,
      readdirSync(directory).find((name) => /^[0-9a-f]{64}$/.test(name)),
    );
  return { make, damage: () => writeFileSync(fileOf(), text), raw: () => readFileSync(fileOf(), 'latin1') };
}

function inRedis(prefix, bytes) {
  const key = `${prefix}session:default`;
  return {
    make: () => redisStore(redis, { prefix }),
    damage: () => redis.set(key, bytes),
    raw: () => redis.get(key),
  };
}

/** How a session is stored, how it becomes unreadable, and what then stands there. */
const cases = {
  'a file that was cut to nothing': () => files(''),
  'a file that was cut in the middle': () => files('{"key":"session:default","version":"1","val'),
  'a file of something else': () => files('{"some":"JSON"}'),
  'a file of bytes that are no text': () => files(Buffer.from([0xff, 0xfe, 0, 0x80])),
  'text in Redis': () => inRedis('text:', 'garbage'),
  'nothing in Redis': () => inRedis('empty:', ''),
  'bytes in Redis that are no text': () => inRedis('bytes:', Buffer.from([0xff, 0xfe, 0x0a, 0x80])),
  'a rotated encryption key': async () => {
    const [inner, old, current] = [memoryStore(), await aesKey(), await aesKey()];
    let key = old;
    return {
      make: () => encryptedStore(inner, key),
      damage: () => {
        key = current;
      },
      raw: async () => (await inner.get('session:default')).value,
    };
  },
  'an encrypted file that was cut': async () => {
    const [{ make, ...file }, key] = [files(''), await aesKey()];
    return { ...file, make: () => encryptedStore(make(), key) };
  },
  'a session that was stored before encryption was turned on': async () => {
    const [inner, key] = [memoryStore(), await aesKey()];
    let store = inner;
    return {
      make: () => store,
      damage: () => {
        store = encryptedStore(inner, key);
      },
      raw: async () => (await inner.get('session:default')).value,
    };
  },
  'a value that is no session': () => {
    const inner = memoryStore();
    return {
      make: () => inner,
      damage: async () =>
        inner.compareAndSwap('session:default', (await inner.get('session:default')).version, 'garbage'),
      raw: async () => (await inner.get('session:default')).value,
    };
  },
};

const UNREADABLE = ['ConfigurationError', 'session_unreadable', false, true, 'no'];

for (const [name, prepare] of Object.entries(cases)) {
  test(`${name}: session() says that it is unreadable, and connecting again replaces it`, async () => {
    const { make, damage, raw } = await prepare();
    await connect(sandbox, { tokenStore: make() });
    await damage();
    const before = await raw();
    sandbox.requests.clear();

    const client = await clientOf(sandbox, { tokenStore: make() });
    const error = await rejection(client.session());
    assert.deepEqual(factsOf(error), UNREADABLE);
    assert.doesNotMatch(inspect(error, { depth: 9 }), /garbage|accessToken/);
    assert.equal(await raw(), before, 'nothing was deleted or written');
    assert.equal(tokenRequests(sandbox), 0);

    const { url, pending } = await client.beginAuthorization();
    const session = await client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
    assert.equal((await session.accounts()).items.length, 3);
    const other = await clientOf(sandbox, { tokenStore: make() });
    assert.equal((await (await other.session()).accounts()).items.length, 3);
  });

  test(`${name}: a process that has the session in memory sends no refresh token and overwrites nothing`, async () => {
    const { make, damage, raw } = await prepare();
    const { client } = await connect(sandbox, { tokenStore: { ...make(), ...late(make) } });
    const session = await client.session();
    sandbox.clock.advance(2 * HOUR_MS);
    await damage();
    const before = await raw();
    sandbox.requests.clear();
    for (const work of [() => session.accounts(), () => session.refresh(), () => client.session()])
      assert.deepEqual(factsOf(await rejection(work)).slice(0, 4), UNREADABLE.slice(0, 4));
    assert.equal(refreshes(sandbox) + tokenRequests(sandbox), 0);
    assert.equal(await raw(), before);
  });
}

/** The methods of the store that `make` gives at the time of a call. */
const late = (make) => ({
  get: (key) => make().get(key),
  compareAndSwap: (...given) => make().compareAndSwap(...given),
});

test('of two customers who connect again at once over an unreadable entry, the later one counts, and no code is lost', async () => {
  const { make, damage } = files('');
  await connect(sandbox, { tokenStore: make() });
  await damage();
  const sessions = await Promise.all([1, 2].map(() => connect(sandbox, { tokenStore: make() })));
  for (const { session } of sessions) assert.equal((await session.accounts()).items.length, 3);
});

test('garbage in IndexedDB: session() says that it is unreadable, and connecting again replaces it', async () => {
  const page = await (await openTabs()).tab();
  const options = {
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: 'http://127.0.0.1:9/callback',
  };
  const { code, url, pending } = await page.evaluate(async (options) => {
    const { createClient, indexedDbStore } = await import('@oakford/aisp');
    const tokenStore = indexedDbStore();
    await tokenStore.compareAndSwap('session:default', null, 'value');
    const opening = indexedDB.open('oakford-aisp', 1);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const transaction = opening.result.transaction('entries', 'readwrite');
    transaction.objectStore('entries').put(null, 'used:damaged');
    transaction.objectStore('entries').put({ other: 'thing' }, 'session:default');
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    globalThis.client = await createClient({ ...options, tokenStore });
    const { code } = await globalThis.client.session().catch((error) => error);
    return { code, ...(await globalThis.client.beginAuthorization()) };
  }, options);
  assert.equal(code, 'session_unreadable');
  const callback = await approve(url, { user: 'anna' });
  const count = await page.evaluate(
    async ([callback, pending]) => {
      await globalThis.client.completeAuthorization(callback, pending);
      return (await (await globalThis.client.session()).accounts()).items.length;
    },
    [callback, pending],
  );
  assert.equal(count, 3);
});

test('tokens of another client are no unreadable entry: the error names the cause', async () => {
  const tokenStore = memoryStore();
  await connect(sandbox, { tokenStore });
  const { clientId } = sandbox.clients.web;
  const other = await clientOf(sandbox, { tokenStore, clientId, clientSecret: undefined });
  const error = await rejection(other.session());
  assert.deepEqual([error.code, error.reauthRequired], ['invalid_stored_session', false]);
});

test('a get that throws is token_store_failed before the code is sent; once it works, the same callback completes', async () => {
  const directory = temporaryFolder();
  const tokenStore = fileStore({ directory });
  await connect(sandbox, { tokenStore });
  const file = join(
    directory,
    readdirSync(directory).find((name) => /^[0-9a-f]{64}$/.test(name)),
  );
  rmSync(file);
  // A folder in the file's place can't be read as a file.
  mkdirSync(file);
  const client = await clientOf(sandbox, { tokenStore });
  const failed = await rejection(client.session());
  assert.deepEqual(
    [failed.code, failed.retryable, failed.cause.code],
    ['token_store_failed', true, 'EISDIR'],
  );
  const { url, pending } = await client.beginAuthorization();
  const callback = await approve(url, { user: 'anna' });
  sandbox.requests.clear();
  const error = await rejection(client.completeAuthorization(callback, pending));
  assert.deepEqual([error.code, error.requestSent, tokenRequests(sandbox)], ['token_store_failed', 'no', 0]);
  rmSync(file, { recursive: true });
  const session = await client.completeAuthorization(callback, pending);
  assert.equal((await session.accounts()).items.length, 3);
});

test('a store that refuses writes shows it before the code is sent; once it takes them, the same callback completes', async () => {
  const tokenStore = redisStore(redis, { prefix: 'read-only:' });
  const client = await clientOf(sandbox, { tokenStore });
  const { url, pending } = await client.beginAuthorization();
  const callback = await approve(url, { user: 'anna' });
  sandbox.requests.clear();
  await redis.configSet('min-replicas-to-write', '1');
  const error = await rejection(client.completeAuthorization(callback, pending));
  await redis.configSet('min-replicas-to-write', '0');
  assert.deepEqual([error.code, error.retryable, error.requestSent], ['token_store_failed', true, 'no']);
  assert.equal(tokenRequests(sandbox), 0);
  const session = await client.completeAuthorization(callback, pending);
  assert.equal((await session.accounts()).items.length, 3);
});

test('a store that fails after it wrote the used state does not use the callback up', async () => {
  const inner = memoryStore();
  let fails = 1;
  const tokenStore = {
    ...inner,
    async compareAndSwap(key, ...rest) {
      const swapped = await inner.compareAndSwap(key, ...rest);
      if (key.startsWith('used:') && fails-- > 0) throw new Error(`connection lost at ${key}`);
      return swapped;
    },
  };
  const client = await clientOf(sandbox, { tokenStore });
  const { url, pending } = await client.beginAuthorization();
  const callback = await approve(url, { user: 'anna' });
  const error = await rejection(client.completeAuthorization(callback, pending));
  assert.equal(error.code, 'token_store_failed');
  assert.ok(!inspect(error, { depth: 9 }).includes(pending.state));
  const session = await client.completeAuthorization(callback, pending);
  assert.equal((await session.accounts()).items.length, 3);
});
