/** Every store of the package keeps the interface's promises, and the suite that says so finds those who don't. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encryptedStore, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { checkRateLimitStore, checkTokenStore } from '@oakford/aisp/testing';
import { aesKey } from '../support/aes-key.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { redisConnection, startRedis } from '../support/redis.mjs';

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

test('checkRateLimitStore: the Redis store passes, over connections of their own and encrypted', async () => {
  await checkRateLimitStore(async () => redisStore(await redisConnection(url)));
  const key = await aesKey();
  const store = redisStore(await redisConnection(url), { prefix: 'encrypted:' });
  await checkRateLimitStore(() => encryptedStore(store, key));
});

test('encryptedStore: no acquire and no release when the wrapped store has none', async () => {
  const store = encryptedStore(memoryStore(), await aesKey());
  assert.deepEqual([store.acquire, store.release], [undefined, undefined]);
});

/** A rate limit store in memory, with the faults that `spoil` gives it. */
function memoryRateLimitStore(spoil) {
  const logs = new Map();
  const log = (quota) => logs.get(quota) ?? logs.set(quota, new Map()).get(quota);
  const store = {
    async acquire(quota, windows, call, leaseMs) {
      const now = Date.now();
      const waits = windows.map(([limit, ms]) => {
        const counted = [...log(quota).values()].filter((at) => at > now - ms).sort((a, b) => b - a);
        return counted.length < limit ? 0 : Math.max(1, Math.min(counted[limit - 1], now) + ms - now);
      });
      const wait = Math.max(...waits);
      if (wait === 0) log(quota).set(call, now + leaseMs);
      return wait;
    },
    async release(quota, call, sent) {
      if (!sent) log(quota).delete(call);
      else if (log(quota).has(call)) log(quota).set(call, Date.now());
    },
  };
  return { ...store, ...spoil(store) };
}

const brokenRateLimitStores = {
  'keeps to the first window alone': [
    ({ acquire }) => ({
      acquire: (quota, windows, ...given) => acquire(quota, windows.slice(0, 1), ...given),
    }),
    /acquire resolves with 0 while every window has room.* Expected a wait of more than 0/s,
  ],
  'compares before it counts, and not at once': [
    ({ acquire }) => ({
      async acquire(quota, windows, call, leaseMs) {
        const compared = acquire(quota, windows, call, leaseMs);
        this.release(quota, call, false);
        const wait = await compared;
        if (wait > 0) return wait;
        await new Promise((resolve) => setTimeout(resolve, 1));
        return acquire(quota, [[1_000_000, 1]], call, leaseMs);
      },
    }),
    /of many that acquire at once, as many succeed as the limit allows/,
  ],
  'counts all quotas as one': [
    ({ acquire, release }) => ({
      acquire: (quota, ...given) => acquire(quota.slice(0, 20), ...given),
      release: (quota, ...given) => release(quota.slice(0, 20), ...given),
    }),
    /quotas that differ are counted apart/,
  ],
  'counts calls that have to wait': [
    ({ acquire }) => ({
      async acquire(quota, windows, call, leaseMs) {
        const wait = await acquire(quota, windows, call, leaseMs);
        if (wait > 0) await acquire(quota, [[1_000_000, 1]], call, leaseMs);
        return wait;
      },
    }),
    /an acquire that has to wait counts nothing/,
  ],
  'counts calls that were not sent': [
    ({ release }) => ({ release: (quota, call) => release(quota, call, true) }),
    /a call that was not sent counts no more after its release/,
  ],
  'forgets a call at its response': [
    ({ release }) => ({ release: (quota, call) => release(quota, call, false) }),
    /a call counts until the window’s length after its response/,
  ],
  'counts a call from its acquire on': [
    ({ acquire }) => ({ acquire: (quota, windows, call) => acquire(quota, windows, call, 0) }),
    /a call counts until the window’s length after its response/,
  ],
  'knows no lease': [
    ({ acquire }) => ({ acquire: (quota, windows, call) => acquire(quota, windows, call, 60_000) }),
    /a call that is never released counts as answered after its lease/,
  ],
  'counts a release of a call that it does not know': [
    ({ acquire, release }) => ({
      async release(quota, call, sent) {
        if (sent && call === 'unknown') await acquire(quota, [[1_000_000, 1]], call, 60_000);
        await release(quota, call, sent);
      },
    }),
    /a release of a call that is not counted changes nothing/,
  ],
};

test('checkRateLimitStore: a sound store passes', () => {
  const store = memoryRateLimitStore(() => ({}));
  return checkRateLimitStore(() => store);
});

for (const [fault, [spoil, message]] of Object.entries(brokenRateLimitStores)) {
  test(`checkRateLimitStore: names the broken promise when a store ${fault}`, async () => {
    const store = memoryRateLimitStore(spoil);
    await assert.rejects(
      checkRateLimitStore(() => store),
      message,
    );
  });
}

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
    /keys that differ are distinct.* from a new key A/s,
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
  test(`a store that ${fault} fails the check`, async () => {
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
