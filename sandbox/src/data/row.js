// One transaction of an account as of one day.
import { toWire } from './transaction.js';

/** `wire` is made when it is sent. */
export class Row {
  #account;
  #bank;
  #seed;
  #happening;
  #balanceAfter;

  /**
   * @param {import('./accounts.js').Account} account
   * @param {import('./banks.js').Bank} bank
   * @param {string} seed
   * @param {import('./day-book.js').Happening} happening
   * @param {number | undefined} balanceAfter none: it is pending
   */
  constructor(account, bank, seed, happening, balanceAfter) {
    this.#account = account;
    this.#bank = bank;
    this.#seed = seed;
    this.#happening = happening;
    this.#balanceAfter = balanceAfter;
  }

  get pending() {
    return this.#balanceAfter === undefined;
  }

  /** Sorts the newest last, and pending rows behind all that are booked. */
  get key() {
    return `${this.pending ? 'P' : 'B'}${this.#happening.key}`;
  }

  get date() {
    return this.pending ? this.#happening.date : this.#happening.bookedOn;
  }

  wire() {
    const state = { pending: this.pending, seed: this.#seed, balanceAfter: this.#balanceAfter };
    return toWire(this.#account, this.#bank, this.#happening, state);
  }
}
