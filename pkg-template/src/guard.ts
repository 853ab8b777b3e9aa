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
    const text = error instanceof Error ? error.stack : typeof error;
    if (process?.emitWarning) process.emitWarning(`${subject} threw ${text}`);
    else globalThis.reportError?.(error);
  });
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
