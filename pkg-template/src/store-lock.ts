/** The lock of a token store, held until it is let go. */

import type { TokenStore } from './options.js';

/** No refresh takes longer than this, in milliseconds. */
const LONGEST_LOCK = 300_000;
/** A wait for a lock that takes longer is given up: its holder can't be at a refresh. */
const LONGEST_WAIT = 330_000;

/** A lock that the store granted. */
export interface HeldLock {
  /** Lets go of it. */
  release(): void;
  /** Whether it is still this process's, as far as is known. */
  isHeld(): Promise<boolean>;
}

/**
 * Waits for the store's lock of a key. Until it is released it stands in `locks`, also while it is waited for, so that an instance
 * that crashes leaves no lock held.
 */
export function takeLock(store: TokenStore, key: string, locks: Set<{ release(): void }>): Promise<HeldLock> {
  return new Promise((granted, refused) => {
    let over = false;
    let cap: ReturnType<typeof setTimeout> | undefined;
    let letGo = () => {};
    let asksStore: unknown;
    const lock: HeldLock = {
      release() {
        over = true;
        locks.delete(lock);
        clearTimeout(waiting);
        clearTimeout(cap);
        letGo();
      },
      async isHeld() {
        const held = !over && (typeof asksStore === 'function' ? await asksStore() : true);
        return held === true && !over;
      },
    };
    locks.add(lock);
    const waiting = setTimeout(() => {
      lock.release();
      refused(new Error(`withLock did not run its work within ${LONGEST_WAIT / 1000} s.`));
    }, LONGEST_WAIT);
    unref(waiting);
    const ended = (error: unknown) => {
      lock.release();
      refused(error);
    };
    const work = async (isHeld?: unknown) => {
      clearTimeout(waiting);
      // Granted to a call that gave up.
      if (over) return;
      asksStore = isHeld;
      await new Promise<void>((done) => {
        letGo = done;
        cap = setTimeout(lock.release, LONGEST_LOCK);
        granted(lock);
      });
    };
    // A store that stops before the work is done has lost the lock.
    const locked = async () => store.withLock?.(key, work);
    locked().then(() => ended(new Error('withLock ran no work.')), ended);
  });
}

function unref(timer: unknown): void {
  (timer as { unref?(): void }).unref?.();
}
