// One account's history: made day by day, kept, and looked at as of the sandbox's today.
import { addDays, businessDay, eachDay } from './dates.js';
import { eventsOf } from './lives.js';
import { Chance } from './random.js';
import { toWire } from './transaction.js';

/** @typedef {import('./transaction.js').Happening} Happening */
/** @typedef {{ key: string, date: string, pending: boolean, wire: () => Record<string, unknown> }} Row `key` sorts newest last; `wire` is made when it is sent */
/** @typedef {{ rows: Row[], booked: number, bookedYesterday: number, pending: number }} View rows newest first; sums in minor units */

const YEARS = 2;

export class Ledger {
  /** @type {Happening[]} */
  #happenings = [];
  #account;
  #bank;
  #seed;
  #start;
  #madeUntil;
  #opening;
  /** @type {{ today: string, view: View } | undefined} */
  #last;

  /**
   * @param {import('./accounts.js').Account} account
   * @param {import('./banks.js').Bank} bank
   * @param {string} seed
   * @param {string} firstDay the sandbox's day when it started: history begins some time before
   */
  constructor(account, bank, seed, firstDay) {
    this.#account = account;
    this.#bank = bank;
    this.#seed = seed;
    this.#start = historyStart(account, firstDay);
    this.#madeUntil = addDays(this.#start, -1);
    this.#makeUntil(firstDay);
    // Chosen so that the account stands at its documented balance on the first day.
    this.#opening = account.balance - this.#sumBooked(firstDay);
  }

  /** @param {string} today @returns {View} */
  asOf(today) {
    if (this.#last?.today !== today) {
      this.#makeUntil(today);
      this.#last = { today, view: this.#view(today) };
    }
    return this.#last.view;
  }

  /** @param {string} today */
  #makeUntil(today) {
    if (today <= this.#madeUntil) return;
    const { id, life, currency } = this.#account;
    for (const date of eachDay(addDays(this.#madeUntil, 1), today)) {
      const chance = new Chance(this.#seed, id, date);
      eventsOf(life, date, chance, currency).forEach((event, index) => {
        this.#happenings.push({ event, date, index, bookedOn: businessDay(addDays(date, event.delay ?? 0)) });
      });
    }
    this.#madeUntil = today;
  }

  /** @param {string} today */
  #sumBooked(today) {
    return sum(this.#happenings.filter(({ event, bookedOn }) => !event.rejected && bookedOn <= today));
  }

  /** @param {string} today @returns {View} */
  #view(today) {
    const happened = this.#happenings.filter(({ date }) => date <= today);
    const booked = happened.filter(({ bookedOn }) => bookedOn <= today).sort(byKey);
    let balance = this.#opening;
    const bookedRows = booked.map((happening) => {
      if (!happening.event.rejected) balance += happening.event.minor;
      return this.#row(happening, false, balance);
    });
    const pending = happened.filter(({ bookedOn }) => bookedOn > today).sort(byKey);
    const pendingRows = pending.map((happening) => this.#row(happening, true, undefined));
    return {
      rows: [...bookedRows, ...pendingRows].reverse(),
      booked: balance,
      bookedYesterday: this.#opening + this.#sumBooked(addDays(today, -1)),
      pending: sum(pending.filter(({ event }) => !event.rejected)),
    };
  }

  /**
   * @param {Happening} happening
   * @param {boolean} pending
   * @param {number | undefined} balanceAfter
   * @returns {Row}
   */
  #row(happening, pending, balanceAfter) {
    const { date, bookedOn } = happening;
    return {
      key: `${pending ? 'P' : 'B'}${keyOf(happening)}`,
      date: pending ? date : bookedOn,
      pending,
      wire: () => toWire(this.#account, this.#bank, happening, { pending, seed: this.#seed, balanceAfter }),
    };
  }
}

/**
 * @param {import('./accounts.js').Account} account
 * @param {string} firstDay
 * @returns {string} the day on which an account's history begins
 */
export function historyStart({ historyDays }, firstDay) {
  if (historyDays !== undefined) return addDays(firstDay, -historyDays);
  return `${Number(firstDay.slice(0, 4)) - YEARS}${firstDay.slice(4)}`.replace('-02-29', '-02-28');
}

/** @param {Happening} happening */
function keyOf({ bookedOn, date, index }) {
  return `${bookedOn}/${date}/${String(index).padStart(4, '0')}`;
}

/** @param {Happening} a @param {Happening} b */
function byKey(a, b) {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** @param {Happening[]} happenings */
function sum(happenings) {
  return happenings.reduce((total, { event }) => total + event.minor, 0);
}
