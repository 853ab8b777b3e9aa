/** Every store of the package keeps the interface's promises, and the suite that says so finds those who don't. */
import assert from 'node:assert/strict';
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
  await checkTokenStore(() => fileStore({ directory }));
});

test('the Redis store keeps every promise, over connections of their own', async () => {
  await checkTokenStore(async () => redisStore(await redisConnection(url)));
});

test('an encrypted store keeps every promise of the one that it wraps', async () => {
  const [directory, key, memory] = [temporaryFolder(), await aesKey(), memoryStore()];
  await checkTokenStore(() => encryptedStore(fileStore({ directory }), key));
  await checkTokenStore(() => encryptedStore(memory, key));
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
  'has a lock that locks nothing': [
    (store) => ({ ...store, withLock: (_, work) => work() }),
    /withLock lets one at a time work on a key/,
  ],
};

for (const [fault, [spoil, message]] of Object.entries(broken)) {
  test(`a store that ${fault} is told so`, async () => {
    const store = spoil(memoryStore());
    await assert.rejects(
      checkTokenStore(() => store),
      message,
    );
  });
}
