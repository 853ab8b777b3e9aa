// One account's history as of the sandbox's today: its rows and its balances.
import { addDays, eachDay } from './dates.js';
import { dayBookOf, happening } from './day-book.js';
import { Row } from './row.js';

/** @typedef {import('./day-book.js').Happening} Happening */
/** @typedef {{ rows: readonly Row[], lastBooked: Row | undefined, booked: number, bookedYesterday: number, pending: number }} View rows newest first; sums in minor units */

const YEARS = 2;
/** Salary, standing orders and direct debits take this long to move to a new account. */
const SETTLING_IN_DAYS = 30;

export class Ledger {
  /** @type {Happening[]} in the order in which they are booked */
  #happenings = [];
  /** @type {number[]} the sums of the first 0, 1, 2, … happenings */
  #sums = [0];
  #account;
  #bank;
  #seed;
  #days;
  #firstDay;
  #start;
  #madeUntil;
  #opening;
  /** @type {{ today: string, view: View } | undefined} */
  #last;

  /**
   * @param {import('./accounts.js').Account} account
   * @param {import('./banks.js').Bank} bank
   * @param {string} seed
   * @param {string} firstDay the day on which the account stands at its balance: history begins some time before
   */
  constructor(account, bank, seed, firstDay) {
    this.#account = account;
    this.#bank = bank;
    this.#seed = seed;
    this.#days = dayBookOf(account, seed);
    this.#firstDay = firstDay;
    this.#start = historyStart(account, firstDay);
    this.#madeUntil = addDays(this.#start, -1);
    this.#makeUntil(firstDay);
    this.#opening = account.balance - this.#sumUntil(firstDay);
    if (account.historyDays !== undefined) this.#open();
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
    for (const date of eachDay(addDays(this.#madeUntil, 1), today)) {
      for (const each of this.#on(date)) this.#happenings.push(each);
    }
    this.#madeUntil = today;
    this.#order();
  }

  #order() {
    // They are made in the order in which they happen, which those of one day keep.
    this.#happenings.sort((a, b) => a.bookedDay - b.bookedDay);
    this.#sums = [0];
    let total = 0;
    for (const { change } of this.#happenings) {
      total += change;
      this.#sums.push(total);
    }
  }

  /** @param {string} date @returns {readonly Happening[]} */
  #on(date) {
    const { historyDays, settled } = this.#account;
    const happened = this.#days.on(date);
    const own = historyDays === undefined ? happened : this.#settlingIn(date, happened);
    return settled ? this.#settled(date, own) : own;
  }

  /**
   * In its first month an account sees one purchase a day and nothing regular. Index 0 is the opening deposit's.
   * @param {string} date
   * @param {readonly Happening[]} happened
   */
  #settlingIn(date, happened) {
    if (date >= addDays(this.#start, SETTLING_IN_DAYS)) return happened;
    return happened
      .filter(({ event }) => event.mcc !== undefined && event.minor < 0)
      .slice(0, 1)
      .map(({ event, bookedOn }) => happening(event, date, 1, bookedOn));
  }

  /**
   * Where a scenario sets the balance, all balances of the first day are that one: everything is booked by the day
   * before, and the first day itself is still empty.
   * @param {string} date
   * @param {readonly Happening[]} happened
   */
  #settled(date, happened) {
    if (date > this.#firstDay) return happened;
    if (date === this.#firstDay) return [];
    const latest = addDays(this.#firstDay, -1);
    const isBooked = (/** @type {Happening} */ { bookedOn }) => bookedOn <= latest;
    if (happened.every(isBooked)) return happened;
    return happened.map((each) => (isBooked(each) ? each : happening(each.event, date, each.index, latest)));
  }

  /** A new account starts at zero, with a deposit of what its balance asks for. */
  #open() {
    if (this.#opening <= 0) return;
    const deposit = {
      kind: /** @type {const} */ ('transfer'),
      minor: this.#opening,
      text: ['Opening deposit'],
    };
    this.#happenings.unshift(happening(deposit, this.#start, 0, this.#start));
    this.#opening = 0;
    this.#order();
  }

  /** How many happenings are booked by the end of a day. @param {string} day */
  #countUntil(day) {
    let [low, high] = [0, this.#happenings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#happenings[middle]?.bookedOn ?? '') <= day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {string} day */
  #sumUntil(day) {
    return this.#sums[this.#countUntil(day)] ?? 0;
  }

  /** @param {string} today @returns {View} */
  #view(today) {
    const count = this.#countUntil(today);
    const pending = this.#happenings.slice(count).filter(({ date }) => date <= today);
    /** @type {Row[] | undefined} */
    let rows;
    const row = (/** @type {number} */ at) => this.#bookedRow(at);
    const made = () => [
      ...pending.map((each) => this.#row(each, undefined)).reverse(),
      ...Array.from({ length: count }, (_, at) => row(count - 1 - at)),
    ];
    return {
      get rows() {
        rows ??= made();
        return rows;
      },
      lastBooked: count === 0 ? undefined : row(count - 1),
      booked: this.#opening + this.#sumUntil(today),
      bookedYesterday: this.#opening + this.#sumUntil(addDays(today, -1)),
      pending: pending.reduce((total, { change }) => total + change, 0),
    };
  }

  /** @param {number} at its place among the happenings */
  #bookedRow(at) {
    const booked = /** @type {Happening} */ (this.#happenings[at]);
    return this.#row(booked, this.#opening + (this.#sums[at + 1] ?? 0));
  }

  /** @param {Happening} happening @param {number | undefined} balanceAfter none: it is pending */
  #row(happening, balanceAfter) {
    return new Row(this.#account, this.#bank, this.#seed, happening, balanceAfter);
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
