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

/** Waits for the store's lock of a key. */
export function takeLock(store: TokenStore, key: string): Promise<HeldLock> {
  return new Promise((granted, refused) => {
    let over = false;
    const waiting = setTimeout(() => {
      over = true;
      refused(new Error(`withLock did not run its work within ${LONGEST_WAIT / 1000} s.`));
    }, LONGEST_WAIT);
    unref(waiting);
    const ended = (error: unknown) => {
      over = true;
      clearTimeout(waiting);
      refused(error);
    };
    const work = async (isHeld?: unknown) => {
      clearTimeout(waiting);
      // Granted to a call that gave up.
      if (over) return;
      await new Promise<void>((letGo) => {
        const release = () => {
          over = true;
          clearTimeout(cap);
          letGo();
        };
        // An instance that a panic ended never lets go.
        const cap = setTimeout(release, LONGEST_LOCK);
        granted({
          release,
          async isHeld() {
            const held = !over && (typeof isHeld === 'function' ? await isHeld() : true);
            return held === true && !over;
          },
        });
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
