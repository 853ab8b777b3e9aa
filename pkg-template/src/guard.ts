/** What the application hands over may throw. Here it is contained: dropped where it is of no use, else shown as a warning. */

/** Calls the application's code for its effect; what it throws, or rejects with, is dropped. */
export function quietly(work: () => unknown): void {
  attempt(work, () => {});
}

/** Calls the application's code for its effect; `failed` is given what it throws or rejects with. */
export function attempt(work: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = work();
    if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** Shows an error that is the application's to mend, and no reason to fail a call or to end the process. */
export function warn(subject: string, error: unknown): void {
  quietly(() => {
    const { process } = globalThis as { process?: { emitWarning?(warning: string): void } };
    let text: string | undefined = typeof error;
    quietly(() => {
      if (error instanceof Error) text = error.stack;
    });
    if (process?.emitWarning) process.emitWarning(`${subject} threw ${text}`);
    else globalThis.reportError?.(error);
  });
}

/** Whether this is a trap of the wasm. What the application throws may be a revoked proxy, which throws when it is looked at. */
export function isTrap(error: unknown): boolean {
  try {
    return error instanceof WebAssembly.RuntimeError;
  } catch {
    return false;
  }
}

/** A clock that stands still where the platform's, which tests replace, throws or gives no number. */
function steady(read: () => number): () => number {
  let latest = 0;
  return () => {
    try {
      const now = read();
      if (Number.isFinite(now)) latest = now;
    } catch {
      // The latest time is the best that is known.
    }
    return latest;
  };
}

/** Milliseconds since the epoch. */
export const wallClock = steady(() => Date.now());

/** Milliseconds of a clock that never runs back. */
export const clock = steady(() => performance.now());
