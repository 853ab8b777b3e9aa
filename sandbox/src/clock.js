// The sandbox's clock: the machine's time plus an offset that can be moved.

/** Reads and moves the time that tokens, consents, bookings and rate limits go by. */
export class Clock {
  #offset = 0;
  #startOffset;

  /** @param {string | Date} [start] where the clock starts; default: the machine's time */
  constructor(start) {
    if (start !== undefined) this.set(start);
    this.#startOffset = this.#offset;
  }

  /** Milliseconds by which this clock is ahead of the machine's. */
  get offset() {
    return this.#offset;
  }

  now() {
    return Date.now() + this.#offset;
  }

  /**
   * Converts a time of this clock into the machine's, which clients compare with their own.
   * @param {number} time milliseconds
   */
  toMachine(time) {
    return time - this.#offset;
  }

  /** The reverse of `toMachine`. @param {number} time milliseconds on the machine's clock */
  fromMachine(time) {
    return time + this.#offset;
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
    this.#offset = millisecondsOf(time) - Date.now();
  }

  /** Undoes every move. */
  reset() {
    this.#offset = this.#startOffset;
  }
}

/**
 * @param {string | Date} time
 * @returns {number} milliseconds since 1970
 */
export function millisecondsOf(time) {
  const milliseconds = new Date(time).getTime();
  // A time without a zone would be another one on another machine.
  const local = typeof time === 'string' && time.includes('T') && !/(Z|[+-]\d\d:\d\d)$/i.test(time);
  if (Number.isNaN(milliseconds) || local)
    throw new TypeError(`"${time}" is not a time such as 2026-03-10T12:00:00Z`);
  return milliseconds;
}

/**
 * @param {number} milliseconds
 * @returns {string} RFC 3339 in UTC, to the second
 */
export function instant(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
