/** What the platform's errors say, without what hangs on them. */

import type { CauseDetails } from './errors.js';

/** What an error and its causes say; whatever else hangs on them may hold credentials, and is left. */
export function describe(thrown: unknown): CauseDetails[] {
  const causes: CauseDetails[] = [];
  for (let at = thrown; isError(at) && causes.length < 5; at = at.cause) {
    const { code } = at as { code?: unknown };
    const details: CauseDetails = { name: String(at.name), message: String(at.message) };
    if (typeof code === 'string') details.code = code;
    causes.push(details);
    // A connection that was tried at several addresses fails with the errors of all attempts.
    const { errors } = at as { errors?: unknown };
    if (Array.isArray(errors) && at.cause === undefined) {
      for (const attempt of errors.slice(0, 5)) causes.push(...describe(attempt));
    }
  }
  return causes;
}

/** By its tag too: under Jest an error of Node's `fetch` is no instance of the class that a test has. */
function isError(value: unknown): value is Error {
  const tag = Object.prototype.toString.call(value);
  return value instanceof Error || tag === '[object Error]' || tag === '[object DOMException]';
}
