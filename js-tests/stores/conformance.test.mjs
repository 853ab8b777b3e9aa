/** Every store of the package keeps the interface's promises, and the suite that says so finds those who don't. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encryptedStore, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { checkTokenStore } from '@oakford/aisp/testing';
import { temporaryFolder } from '../node/machine.mjs';
import { startRedis } from './redis-server.mjs';
import { aesKey, redisConnection } from './support.mjs';

const url = await startRedis();

test('the memory store keeps every promise', async () => {
  const store = memoryStore();
  await checkTokenStore(() => store);
});

test('the file store keeps every promise', async () => {
  const directory = temporaryFolder();
  const damage = (key) => {
    const name = createHash('sha256').update(key).digest('hex');
    truncateSync(join(directory, name), 20);
  };
  await checkTokenStore(() => fileStore({ directory }), { damage });
});

test('the Redis store keeps every promise, over connections of their own', async () => {
  const client = await redisConnection(url);
  const damage = (key) => client.set(`oakford-aisp:${key}`, 'garbage');
  await checkTokenStore(async () => redisStore(await redisConnection(url)), { damage });
});

test('an encrypted store keeps every promise of the one that it wraps', async () => {
  const [directory, key, memory] = [temporaryFolder(), await aesKey(), memoryStore()];
  await checkTokenStore(() => encryptedStore(fileStore({ directory }), key));
  const damage = async (name) => {
    const { version } = await memory.get(name);
    await memory.compareAndSwap(name, version, 'garbage');
  };
  await checkTokenStore(() => encryptedStore(memory, key), { damage });
});

const broken = {
  'answers undefined for what is absent': [
    (store) => ({ ...store, get: async (key) => (await store.get(key)) ?? undefined }),
    /a key that was never written is null\. Expected null from get, found undefined/,
  ],
  'cuts long values': [
    (store) => ({
      ...store,
      compareAndSwap: (key, version, value) =>
        store.compareAndSwap(key, version, value?.slice(0, 1000) ?? null),
    }),
    /a value comes back unchanged/,
  ],
  'takes upper and lower case for the same': [
    (store) => ({
      ...store,
      get: (key) => store.get(key.toLowerCase()),
      compareAndSwap: (key, ...rest) => store.compareAndSwap(key.toLowerCase(), ...rest),
    }),
    /keys that differ are told apart.* from a new key A/s,
  ],
  'overwrites whatever stands there': [
    (store) => ({
      ...store,
      async compareAndSwap(key, _, value) {
        return store.compareAndSwap(key, (await store.get(key))?.version ?? null, value);
      },
    }),
    /compareAndSwap with version null writes an absent key only/,
  ],
  'compares before it writes, and not at once': [
    (store) => ({
      ...store,
      async compareAndSwap(key, version, value) {
        const there = (await store.get(key))?.version ?? null;
        if (there !== version) return false;
        await new Promise((resolve) => setTimeout(resolve, 1));
        return store.compareAndSwap(key, (await store.get(key))?.version ?? null, value);
      },
    }),
    /of many that swap the same version at once, one succeeds/,
  ],
  'gives an unreadable entry for none': [
    (store) => ({
      ...store,
      async get(key) {
        const entry = await store.get(key);
        return entry?.value === 'garbage' ? null : entry;
      },
    }),
    /an entry that can not be read has a version.* whether get gives null for it/,
  ],
  'never replaces an unreadable entry': [
    (store) => ({
      ...store,
      async compareAndSwap(key, ...rest) {
        if ((await store.get(key))?.value === 'garbage') return false;
        return store.compareAndSwap(key, ...rest);
      },
    }),
    /an entry that can not be read has a version.* a swap with its version/,
  ],
  'passes an isHeld that says false': [
    (store) => ({ ...store, withLock: (key, work) => store.withLock(key, () => work(async () => false)) }),
    /isHeld, if withLock passes it, resolves with true while the lock is held/,
  ],
  'has a lock that locks nothing': [
    (store) => ({ ...store, withLock: (_, work) => work() }),
    /withLock lets one at a time work on a key/,
  ],
};

for (const [fault, [spoil, message]] of Object.entries(broken)) {
  test(`a store that ${fault} is told so`, async () => {
    const inner = memoryStore();
    const store = spoil(inner);
    const damage = async (key) => {
      await inner.compareAndSwap(key, (await inner.get(key)).version, 'garbage');
    };
    await assert.rejects(
      checkTokenStore(() => store, { damage }),
      message,
    );
  });
}
