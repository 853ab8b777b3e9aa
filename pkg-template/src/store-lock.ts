/** The lock of a token store, held until it is released. */

import type { TokenStore } from './options.js';

/** A lock that is held or waited for. */
export class StoreLock {
  #released = false;
  #letGo = () => {};
  #asksStore: unknown;

  /** Asks the store for its lock of a key. Calls `granted` once it is held; `refused` if the store fails, or ends the lock by itself. */
  constructor(store: TokenStore, key: string, granted: () => void, refused: (error: unknown) => void) {
    const work = async (isHeld?: unknown) => {
      // Granted after the wait was given up.
      if (this.#released) return;
      this.#asksStore = isHeld;
      await new Promise<void>((done) => {
        this.#letGo = done;
        granted();
      });
    };
    const ended = (error: unknown) => {
      if (this.#released) return;
      // A store that stops before the work is done has lost the lock.
      this.#released = true;
      refused(error);
    };
    const locked = async () => store.withLock?.(key, work);
    locked().then(() => ended(new Error('`withLock` ran no work.')), ended);
  }

  /** Lets go of it, or gives up waiting for it. */
  release(): void {
    this.#released = true;
    this.#letGo();
  }

  /** Whether it is still this process's, as far as is known. */
  async isHeld(): Promise<boolean> {
    const asksStore = this.#asksStore;
    if (this.#released) return false;
    const held = typeof asksStore === 'function' ? await asksStore() : true;
    return held === true && !this.#released;
  }
}
