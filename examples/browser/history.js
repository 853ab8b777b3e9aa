// What an account's transactions tell as they come, newest first: the balance of each day, and what was spent in each month. Exact.
import { Money } from '@oakford/aisp';
import { isDebit } from './transaction.js';

export class History {
  /** Each day that has a booking, newest first, and the balance at its end. */
  balances = new Map();
  /** Each month (`YYYY-MM`), newest first, and what was spent in it. */
  spending = new Map();
  #balance;

  /** Begins with what is booked now, and goes back from there. */
  constructor(bookedBalance) {
    this.#balance = bookedBalance;
  }

  /** Adds a page of transactions. */
  add(transactions) {
    for (const { status, bookingDate, transactionAmount } of transactions) {
      const counts = status === 'booked' && transactionAmount.currency === this.#balance.currency;
      if (counts && bookingDate) this.#book(bookingDate, transactionAmount);
    }
  }

  #book(date, amount) {
    // The first row that comes of a day is its last one.
    if (!this.balances.has(date)) this.balances.set(date, this.#balance);
    this.#balance = Money.add(this.#balance, Money.negate(amount));
    const month = date.slice(0, 7);
    const zero = { amount: '0', currency: amount.currency };
    const spent = isDebit(amount) ? Money.negate(amount) : zero;
    this.spending.set(month, Money.add(this.spending.get(month) ?? zero, spent));
  }
}
