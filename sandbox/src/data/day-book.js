// What happens on one account, day by day: made once for each day, whichever ledger asks for it.
import { addDays, businessDay } from './dates.js';
import { eventsOf } from './lives.js';
import { Chance } from './random.js';

/** @typedef {import('./events.js').Event} Event */

const DAY = 86_400_000;

/**
 * @typedef {object} Happening an event with its place in time
 * @property {Event} event
 * @property {string} date when it happened
 * @property {number} index among those of its day
 * @property {string} bookedOn
 * @property {number} bookedDay the same in days since 1970
 * @property {number} change of the balance, in minor units
 * @property {string} key sorts happenings as they are booked
 */

/** @type {Map<string, DayBook>} shared by all sandboxes of a process, for which they are the same */
const BOOKS = new Map();

/**
 * @param {import('./accounts.js').Account} account
 * @param {string} seed
 */
export function dayBookOf(account, seed) {
  const key = `${account.id} ${seed}`;
  const book = BOOKS.get(key) ?? new DayBook(account, seed);
  BOOKS.set(key, book);
  return book;
}

class DayBook {
  /** @type {Map<string, readonly Happening[]>} */
  #days = new Map();
  #account;
  #seed;

  /**
   * @param {Pick<import('./accounts.js').Account, 'id' | 'life' | 'currency'>} account
   * @param {string} seed
   */
  constructor(account, seed) {
    this.#account = account;
    this.#seed = seed;
  }

  /** @param {string} date */
  on(date) {
    const known = this.#days.get(date);
    if (known) return known;
    const { id, life, currency } = this.#account;
    const events = eventsOf(life, date, new Chance(this.#seed, id, date), currency);
    const made = events.map((event, index) =>
      happening(event, date, index, businessDay(addDays(date, event.delay ?? 0))),
    );
    this.#days.set(date, made);
    return made;
  }
}

/**
 * @param {Event} event
 * @param {string} date
 * @param {number} index
 * @param {string} bookedOn
 * @returns {Happening}
 */
export function happening(event, date, index, bookedOn) {
  const key = `${bookedOn}/${date}/${String(index).padStart(4, '0')}`;
  const change = event.rejected ? 0 : event.minor;
  return { event, date, index, bookedOn, bookedDay: Date.parse(bookedOn) / DAY, change, key };
}
