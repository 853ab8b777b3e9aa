// Sliding windows over the calls of each client, as the API publishes them.

/** @typedef {import('../types/testing.d.ts').RateLimitWindow} RateLimitWindow */
/** @typedef {{ allowed: boolean, limit: number, remaining: number, resetSeconds: number, retryAfterSeconds: number }} Decision */

export const PUBLISHED_LIMITS = [
  { limit: 100, seconds: 60 },
  { limit: 50, seconds: 10 },
];

export class RateLimiter {
  /** @type {Map<string, number[]>} times of each client's calls, oldest first */
  #calls = new Map();
  #clock;
  /** @type {readonly RateLimitWindow[]} */
  #windows = [];

  /** @param {import('./clock.js').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {readonly RateLimitWindow[]} windows none: no limits */
  use(windows) {
    this.#windows = windows;
  }

  /** What the limits are, as in the header `RateLimit-Policy`. */
  get policy() {
    return this.#windows.map(({ limit, seconds }) => `${limit};w=${seconds}`).join(', ');
  }

  /** How much of its limits each client has used. */
  state() {
    const now = this.#clock.now();
    return [...this.#calls].map(([client, calls]) => ({
      client,
      windows: this.#windows.map((window) => {
        const { limit, remaining, resetSeconds } = stateOf(window, calls, now);
        return { limit, seconds: window.seconds, used: limit - remaining, resetSeconds };
      }),
    }));
  }

  /**
   * Counts a call, unless it is over a limit.
   * @param {string} client
   * @returns {Decision | undefined} none where there are no limits
   */
  take(client) {
    if (this.#windows.length === 0) return undefined;
    const now = this.#clock.now();
    const longest = Math.max(...this.#windows.map(({ seconds }) => seconds)) * 1000;
    const calls = (this.#calls.get(client) ?? []).filter((at) => at > now - longest && at <= now);
    const states = this.#windows.map((window) => stateOf(window, calls, now));
    const allowed = states.every(({ remaining }) => remaining > 0);
    if (allowed) calls.push(now);
    this.#calls.set(client, calls);
    const tightest = states.reduce((a, b) => (b.remaining < a.remaining ? b : a));
    return {
      allowed,
      limit: tightest.limit,
      remaining: allowed ? tightest.remaining - 1 : 0,
      resetSeconds: tightest.resetSeconds,
      retryAfterSeconds: Math.max(
        0,
        ...states.filter(({ remaining }) => remaining === 0).map((s) => s.resetSeconds),
      ),
    };
  }
}

/**
 * @param {RateLimitWindow} window
 * @param {number[]} calls
 * @param {number} now
 */
function stateOf({ limit, seconds }, calls, now) {
  const inside = calls.filter((at) => at > now - seconds * 1000 && at <= now);
  // A place comes free when the oldest call that fills the window has left it.
  const first = inside[Math.max(0, inside.length - limit)] ?? now;
  return {
    limit,
    remaining: Math.max(0, limit - inside.length),
    resetSeconds: Math.max(1, Math.ceil((first + seconds * 1000 - now) / 1000)),
  };
}
