/** What the platform's errors say, without what hangs on them. */

import type { CauseDetails } from './errors.js';

/** What an error and its causes say; whatever else hangs on them may hold credentials, and is left. */
export function describe(thrown: unknown): CauseDetails[] {
  const causes: CauseDetails[] = [];
  for (let at = thrown; at instanceof Error && causes.length < 5; at = at.cause) {
    const { code } = at as { code?: unknown };
    const details: CauseDetails = { name: String(at.name), message: String(at.message) };
    if (typeof code === 'string') details.code = code;
    causes.push(details);
    // A connection that was tried at several addresses fails with the errors of all attempts.
    if (at instanceof AggregateError && at.cause === undefined) {
      for (const attempt of at.errors.slice(0, 5)) causes.push(...describe(attempt));
    }
  }
  return causes;
}
