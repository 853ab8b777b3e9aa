/** What is known of the rate limit: for showing it, and for planning. */

import type { CoreClient } from './core-client.js';
import { configurationError } from './errors.js';
import { reachable, self } from './self.js';

/** The tightest limit as it stands. */
export interface RateLimitState {
  /** How many calls the tightest window allows; absent where nothing is limited. */
  limit?: number;
  /** How many more could be sent now; absent where nothing is limited. */
  remaining?: number;
  /** When all of it is free again, were nothing more sent (RFC 3339); absent where it is. */
  resetsAt?: string;
  /** How many calls wait. */
  queued: number;
  /** Until when a refusal by the server (429) holds every call up (RFC 3339). */
  pausedUntil?: string;
  /** When one call may be sent before that, to see whether the server still refuses (RFC 3339); absent where it refuses for an hour or less. */
  probeAt?: string;
}

/** The rate limit of the client id, which all clients of it in the process share. */
export class RateLimit {
  readonly #coreClient: CoreClient;

  /** @internal */
  constructor(coreClient: CoreClient) {
    reachable(this);
    this.#coreClient = coreClient;
  }

  /** The limit and the queue now. */
  state(): RateLimitState {
    const state = self(this).#coreClient.peek((core) => core.rateLimitState());
    return state === undefined ? { queued: 0 } : JSON.parse(state);
  }

  /**
   * In how many milliseconds `calls` further calls would all have been sent, behind those that wait already and if answers
   * came at once: whether a sync fits into a night, or a page of accounts into a second.
   *
   * @throws {@link ConfigurationError} where `calls` is no number of at least 0.
   */
  estimate(calls: number, options?: { priority?: 'interactive' | 'background' }): number {
    if (typeof calls !== 'number' || !(calls >= 0))
      throw configurationError('calls', 'a number of at least 0', typeof calls);
    const background = options?.priority === 'background';
    const most = Math.min(Math.ceil(calls), 2 ** 32 - 1);
    return self(this).#coreClient.peek((core) => core.rateLimitEstimate(most, background)) ?? 0;
  }
}
