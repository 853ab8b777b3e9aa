/** Checks whether a rate limit store keeps the interface's promises. */

import type { RateLimitStore, RateWindow } from '../options.js';
import { CROWD, check, crowd, pause, same } from './promises.js';

/** Gives a handle on one and the same storage each time, as another process or tab would have it. */
export type MakeRateLimitStore = () => RateLimitStore | Promise<RateLimitStore>;

interface Ground {
  /** Two handles on the storage. */
  stores: [RateLimitStore, RateLimitStore];
  /** A quota that nobody used. */
  quota: string;
}

/** A window that does not end during a check. */
const LONG_MS = 3_600_000;
/** A window whose end a check waits for. */
const SHORT_MS = 300;
const LEASE_MS = 60_000;

/**
 * Checks a rate limit store against what the SDK relies on. Throws an `Error` that names the broken promise; needs no test
 * runner. It counts under quotas that begin with `check-`.
 *
 * ```ts
 * await checkRateLimitStore(() => myRateLimitStore(connection));
 * ```
 */
export async function checkRateLimitStore(makeStore: MakeRateLimitStore): Promise<void> {
  const stores: Ground['stores'] = [await makeStore(), await makeStore()];
  for (const [promise, show] of Object.entries(PROMISES)) {
    await check('rate limit store', promise, show({ stores, quota: `check-${crypto.randomUUID()}` }));
  }
}

const PROMISES: Record<string, (ground: Ground) => Promise<void>> = {
  async 'acquire resolves with 0 while every window has room, then with milliseconds'({ stores, quota }) {
    const [store, other] = stores;
    const windows: RateWindow[] = [
      [3, LONG_MS],
      [2, 2 * LONG_MS],
    ];
    same(await store.acquire(quota, windows, 'a', LEASE_MS), 0, 'the first acquire');
    same(await other.acquire(quota, windows, 'b', LEASE_MS), 0, 'the second acquire');
    isWait(await store.acquire(quota, windows, 'c', LEASE_MS), 2 * LONG_MS);
  },
  async 'of many that acquire at once, as many succeed as the limit allows'({ stores, quota }) {
    const limit = CROWD / 2;
    const waits = await crowd(stores, (store, i) =>
      store.acquire(quota, [[limit, LONG_MS]], `call ${i}`, LEASE_MS),
    );
    same(waits.filter((wait) => wait === 0).length, limit, 'how many succeeded');
  },
  async 'quotas that differ are counted apart'({ stores: [store], quota }) {
    for (const name of [quota, `${quota}:a`, `${quota}:A`])
      same(await store.acquire(name, [[1, LONG_MS]], 'a', LEASE_MS), 0, 'the first acquire of a quota');
  },
  async 'an acquire that has to wait counts nothing'({ stores: [store], quota }) {
    same(await store.acquire(quota, [[1, LONG_MS]], 'a', LEASE_MS), 0, 'the first acquire');
    isWait(await store.acquire(quota, [[1, LONG_MS]], 'b', LEASE_MS), LONG_MS);
    same(await store.acquire(quota, [[2, LONG_MS]], 'c', LEASE_MS), 0, 'an acquire with a limit of two');
  },
  async 'a call that was not sent counts no more after its release'({ stores: [store, other], quota }) {
    await store.acquire(quota, [[1, LONG_MS]], 'a', LEASE_MS);
    await other.release(quota, 'a', false);
    same(await store.acquire(quota, [[1, LONG_MS]], 'b', LEASE_MS), 0, 'acquire after the release');
  },
  async 'a call counts until the window’s length after its response'({ stores: [store, other], quota }) {
    const windows: RateWindow[] = [[1, SHORT_MS]];
    await store.acquire(quota, windows, 'a', LEASE_MS);
    await pause(SHORT_MS + 50);
    isWait(await other.acquire(quota, windows, 'b', LEASE_MS), SHORT_MS);
    await other.release(quota, 'a', true);
    isWait(await store.acquire(quota, windows, 'b', LEASE_MS), SHORT_MS);
    await pause(SHORT_MS + 50);
    same(await store.acquire(quota, windows, 'b', LEASE_MS), 0, 'acquire after the window');
  },
  async 'a call that is never released counts as answered after its lease'({
    stores: [store, other],
    quota,
  }) {
    const windows: RateWindow[] = [[1, SHORT_MS]];
    await store.acquire(quota, windows, 'a', SHORT_MS);
    isWait(await other.acquire(quota, windows, 'b', SHORT_MS), SHORT_MS);
    await pause(2 * SHORT_MS + 50);
    same(await other.acquire(quota, windows, 'b', SHORT_MS), 0, 'acquire after lease and window');
  },
  async 'a release of a call that is not counted changes nothing'({ stores: [store], quota }) {
    await store.release(quota, 'unknown', true);
    same(await store.acquire(quota, [[1, LONG_MS]], 'a', LEASE_MS), 0, 'the first acquire');
  },
};

/** A wait is positive, and no longer than the window: the SDK asks again after it. */
function isWait(found: number, longest: number): void {
  if (!(found > 0 && found <= longest))
    throw new Error(`Expected a wait of more than 0 and at most ${longest} ms from acquire, found ${found}.`);
}
