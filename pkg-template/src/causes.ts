/** What the platform's errors say, without what hangs on them. */

import type { CauseDetails } from './errors.js';

/** So many links of a chain are read, and so many attempts of an `AggregateError`. */
const MOST = 5;

/** Causes beyond these are left, whatever the chains look like. */
const MOST_IN_ALL = 30;

/** What an error and its causes say; whatever else hangs on them may hold credentials, and is left. Never throws, whatever was thrown. */
export function describe(thrown: unknown): CauseDetails[] {
  const causes: CauseDetails[] = [];
  collect(thrown, MOST, causes);
  return causes;
}

function collect(thrown: unknown, links: number, causes: CauseDetails[]): void {
  let left = links;
  try {
    for (let at = thrown; isError(at) && left > 0 && causes.length < MOST_IN_ALL; at = at.cause) {
      const details: CauseDetails = { name: text(at, 'name') ?? 'Error', message: text(at, 'message') ?? '' };
      const code = text(at, 'code');
      if (code !== undefined) details.code = code;
      causes.push(details);
      left -= 1;
      // A connection that was tried at several addresses fails with the errors of all attempts.
      const { errors } = at as { errors?: unknown };
      if (Array.isArray(errors) && at.cause === undefined) {
        for (const attempt of errors.slice(0, MOST)) collect(attempt, left, causes);
      }
    }
  } catch {
    // A getter of an application's error threw, or a proxy was revoked: what was read before is described.
  }
}

/** By its tag too: under Jest an error of Node's `fetch` is no instance of the class that a test has. */
function isError(value: unknown): value is Error {
  const tag = Object.prototype.toString.call(value);
  return value instanceof Error || tag === '[object Error]' || tag === '[object DOMException]';
}

/** A property that is a string. Anything else may throw, or be endless, when it is made a string. */
function text(error: object, name: string): string | undefined {
  const value: unknown = error[name as keyof object];
  return typeof value === 'string' ? value.slice(0, 2000) : undefined;
}
