/** Locks within one process: whoever asks for a key waits until those before are done. */

/** One queue for each key. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when it is its turn. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before ? before.then(work) : work();
    const done = mine.then(
      () => {},
      () => {},
    );
    this.#last.set(key, done);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }
}
