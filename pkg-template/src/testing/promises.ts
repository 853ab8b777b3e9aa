/** Shows promises of an interface: each within a time limit, and by two handles under pressure. */

const TIME_LIMIT_MS = 10_000;

/** The callers that `crowd` runs at once. */
export const CROWD = 16;

/** Waits for what shows a promise. Throws an `Error` that names the promise if it is broken. */
export async function check(subject: string, promise: string, shown: Promise<void>): Promise<void> {
  await inTime(shown).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The ${subject} breaks a promise: ${promise}. ${reason}`, { cause });
  });
}

/** Runs `work` for every caller at once, on either handle in turn. */
export async function crowd<S, T>(
  [first, second]: readonly [S, S],
  work: (store: S, i: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Array.from({ length: CROWD }, (_, i) => work(i % 2 === 0 ? first : second, i)));
}

/** Throws if `found` is not `expected`. */
export function same(found: unknown, expected: unknown, what: string): void {
  if (found !== expected)
    throw new Error(`Expected ${describe(expected)} from ${what}, found ${describe(found)}.`);
}

/** Returns a value as text, cut to fit into a message. */
export function describe(value: unknown): string {
  const text = value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Resolves after `ms` milliseconds. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function inTime(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It took longer than ${TIME_LIMIT_MS / 1000} s.`)),
      TIME_LIMIT_MS,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
