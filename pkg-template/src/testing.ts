/**
 * Checks whether a token store or a rate limit store of your own keeps its interface's promises.
 * @module @oakford/aisp/testing
 */

import type { TokenStore } from './options.js';
import { CROWD, check, crowd, describe, pause, same } from './testing/promises.js';

export type { RateLimitStore, RateWindow, TokenStore } from './options.js';
export type { MakeRateLimitStore } from './testing/rate-limit-store.js';
export { checkRateLimitStore } from './testing/rate-limit-store.js';

/** Gives a handle on one and the same storage each time, as another process or tab would have it. */
export type MakeStore = () => TokenStore | Promise<TokenStore>;

/** What `checkTokenStore` takes beside the store. */
export interface CheckOptions {
  /**
   * Overwrites what the storage holds under `key` with something that is no entry of the store: cuts the file, writes other bytes. Then it is
   * also checked that such an entry can be replaced.
   */
  damage?: ((key: string) => void | Promise<void>) | undefined;
}

interface Ground {
  /** Two handles on the storage. */
  stores: [TokenStore, TokenStore];
  /** A key that nobody used. */
  key: string;
  /** Makes the entry of a key unreadable. */
  damage: NonNullable<CheckOptions['damage']>;
}

/** A promise of the interface, and what shows it. */
type Checks = Record<string, (ground: Ground) => Promise<void>>;

/**
 * Checks a token store against what the SDK relies on. Throws an `Error` that names the broken promise; needs no test
 * runner. It writes under keys that begin with `session:check-`, and removes them.
 *
 * ```ts
 * await checkTokenStore(() => myStore(connection));
 * ```
 *
 * @param options `damage`: makes an entry unreadable, so that its replacement is checked too
 */
export async function checkTokenStore(makeStore: MakeStore, options: CheckOptions = {}): Promise<void> {
  const stores: Ground['stores'] = [await makeStore(), await makeStore()];
  const { damage = () => {} } = options;
  for (const [promise, show] of Object.entries({
    ...PROMISES,
    ...(stores[0].withLock ? LOCK_PROMISES : {}),
    ...(options.damage ? DAMAGE_PROMISES : {}),
  })) {
    const key = `session:check-${crypto.randomUUID()}`;
    await check('token store', promise, show({ stores, key, damage }));
    await remove(stores[0], key);
  }
}

const PROMISES: Checks = {
  async 'a key that was never written is null'({ stores: [store], key }) {
    same(await store.get(key), null, 'get');
  },
  async 'a value comes back unchanged, whatever characters it has'({ stores: [store, other], key }) {
    for (const value of ['', 'x', '{"a":"\\n"}\n\u0000 żółć 😀 \u2028', 'long '.repeat(8_000)]) {
      const version = (await store.get(key))?.version ?? null;
      same(await store.compareAndSwap(key, version, value), true, 'compareAndSwap');
      same((await other.get(key))?.value, value, 'get');
    }
  },
  async 'keys that differ are distinct, whatever characters they have'({ stores: [store], key }) {
    const endings = [
      'a',
      'A',
      'a/../b',
      'b',
      'ä',
      'a\u0308',
      '*',
      'a:b',
      'a b',
      '\u0000',
      '😀',
      'x'.repeat(300),
    ];
    for (const ending of endings)
      same(await store.compareAndSwap(key + ending, null, ending), true, `a new key ${ending}`);
    for (const ending of endings) same((await store.get(key + ending))?.value, ending, `get ${ending}`);
    for (const ending of endings) await remove(store, key + ending);
  },
  async 'compareAndSwap with version null writes an absent key only'({ stores: [store, other], key }) {
    same(await store.compareAndSwap(key, null, 'first'), true, 'the first write');
    same(await other.compareAndSwap(key, null, 'second'), false, 'the second write');
    same((await store.get(key))?.value, 'first', 'the value');
  },
  async 'every write makes a new version, and an old one swaps nothing'({ stores: [store, other], key }) {
    await store.compareAndSwap(key, null, 'same');
    const first = await versionOf(store, key);
    same(await store.compareAndSwap(key, first, 'same'), true, 'a swap with the right version');
    const second = await versionOf(store, key);
    same(first === second, false, 'whether the version stayed although the key was written');
    same(await other.compareAndSwap(key, first, 'old'), false, 'a swap with an old version');
    same(await other.compareAndSwap(key, 'no such version', 'old'), false, 'a swap with a foreign version');
    same((await store.get(key))?.value, 'same', 'the value');
  },
  async 'null deletes, with the right version only'({ stores: [store, other], key }) {
    await store.compareAndSwap(key, null, 'value');
    same(
      await other.compareAndSwap(key, 'no such version', null),
      false,
      'a deletion with a foreign version',
    );
    same(await other.compareAndSwap(key, await versionOf(store, key), null), true, 'the deletion');
    same(await store.get(key), null, 'get after it');
  },
  async 'a key that was deleted and written again has another version'({ stores: [store], key }) {
    await store.compareAndSwap(key, null, 'value');
    const first = await versionOf(store, key);
    await store.compareAndSwap(key, first, null);
    await store.compareAndSwap(key, null, 'value');
    same(await store.compareAndSwap(key, first, 'late'), false, 'a swap with the version from before');
  },
  async 'of many that swap the same version at once, one succeeds'({ stores, key }) {
    await stores[0].compareAndSwap(key, null, 'value');
    const version = await versionOf(stores[0], key);
    const swapped = await crowd(stores, (store, i) => store.compareAndSwap(key, version, String(i)));
    same(swapped.filter(Boolean).length, 1, 'how many succeeded');
  },
  async 'no update is lost where many read and swap at once'({ stores, key }) {
    await stores[0].compareAndSwap(key, null, '0');
    await crowd(stores, async (store) => {
      for (;;) {
        const entry = await store.get(key);
        if (entry && (await store.compareAndSwap(key, entry.version, String(Number(entry.value) + 1))))
          return;
      }
    });
    same((await stores[1].get(key))?.value, String(CROWD), 'the count');
  },
};

const LOCK_PROMISES: Checks = {
  async 'withLock gives what the work gives, and rejects with its error'({ stores: [store], key }) {
    same(await store.withLock?.(key, async () => 'result'), 'result', 'the result');
    const failure = new Error('The work failed.');
    same(
      await store.withLock?.(key, () => Promise.reject(failure)).catch((error: unknown) => error),
      failure,
      'the error',
    );
    same(await store.withLock?.(key, async () => 'free'), 'free', 'the lock after an error');
  },
  async 'withLock lets one at a time work on a key'({ stores, key }) {
    let inside = 0;
    await crowd(stores, (store) =>
      Promise.resolve(
        store.withLock?.(key, async () => {
          inside += 1;
          await pause(2);
          same(inside, 1, 'how many were inside');
          inside -= 1;
        }),
      ),
    );
  },
  async 'the store can be read and written inside withLock'({ stores: [store, other], key }) {
    await store.withLock?.(key, async () => {
      same(await store.compareAndSwap(key, null, 'value'), true, 'compareAndSwap');
      same((await other.get(key))?.value, 'value', 'get');
    });
  },
  async 'isHeld, if withLock passes it, resolves with true while the lock is held'({ stores: [store], key }) {
    await store.withLock?.(key, async (isHeld) => {
      if (typeof isHeld === 'function') same(await isHeld(), true, 'isHeld');
    });
  },
  async 'a lock of one key is none of another'({ stores: [store, other], key }) {
    await store.withLock?.(key, () => Promise.resolve(other.withLock?.(`${key}-other`, async () => {})));
  },
};

const DAMAGE_PROMISES: Checks = {
  async 'an entry that can not be read has a version, by which alone it is replaced'({
    stores: [store, other],
    key,
    damage,
  }) {
    await store.compareAndSwap(key, null, 'value');
    const old = await versionOf(store, key);
    await damage(key);
    const entry = await other.get(key);
    same(entry === null, false, 'whether get gives null for it');
    same(typeof entry?.value, 'string', 'the type of its value');
    same(entry?.value === 'value', false, 'whether it still has its value');
    const version = await versionOf(other, key);
    same(await store.compareAndSwap(key, null, 'new'), false, 'a write of an absent key');
    if (version !== old)
      same(await store.compareAndSwap(key, old, 'new'), false, 'a swap with the version from before');
    same(await store.compareAndSwap(key, version, 'new'), true, 'a swap with its version');
    same((await other.get(key))?.value, 'new', 'the value');
  },
};

async function versionOf(store: TokenStore, key: string): Promise<string> {
  const version: unknown = (await store.get(key))?.version;
  if (typeof version !== 'string')
    throw new Error(`The version should be a string, and is ${describe(version)}.`);
  return version;
}

async function remove(store: TokenStore, key: string): Promise<void> {
  const entry = await store.get(key);
  if (entry) await store.compareAndSwap(key, entry.version, null);
}
