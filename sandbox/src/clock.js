// The sandbox's clock: the machine's time plus an offset that can be moved.

/** Reads and moves the time that tokens, consents, bookings and rate limits go by. */
export class Clock {
  #offset = 0;

  /** @param {string | Date} [start] where the clock starts; default: the machine's time */
  constructor(start) {
    if (start !== undefined) this.set(start);
  }

  /** Milliseconds by which this clock is ahead of the machine's. */
  get offset() {
    return this.#offset;
  }

  now() {
    return Date.now() + this.#offset;
  }

  today() {
    return new Date(this.now()).toISOString().slice(0, 10);
  }

  /** @param {number} milliseconds */
  advance(milliseconds) {
    if (!Number.isFinite(milliseconds)) throw new TypeError('advance() needs a number of milliseconds');
    this.#offset += milliseconds;
  }

  /** @param {string | Date} time */
  set(time) {
    const wanted = new Date(time).getTime();
    if (Number.isNaN(wanted)) throw new TypeError(`not a time: ${time}`);
    this.#offset = wanted - Date.now();
  }

  reset() {
    this.#offset = 0;
  }
}

/**
 * @param {number} milliseconds
 * @returns {string} RFC 3339 in UTC, to the second
 */
export function instant(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
