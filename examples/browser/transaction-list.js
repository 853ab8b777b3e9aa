// The list of transactions under the day of each: what is pending first, then day by day.
import { formatDay } from './dates.js';
import { element } from './element.js';
import { formatMoney } from './money.js';

/** A list that grows page by page. */
export class TransactionList {
  element = element('div', { class: 'days' });
  size = 0;
  #heading;
  #rows;

  /** Adds rows, in the order in which the bank tells them. */
  add(transactions) {
    for (const transaction of transactions) this.#under(headingOf(transaction)).append(row(transaction));
    this.size += transactions.length;
  }

  #under(heading) {
    if (heading !== this.#heading) {
      this.#heading = heading;
      this.#rows = element('ul', { role: 'list' });
      this.element.append(element('section', { class: 'day' }, element('h4', {}, heading), this.#rows));
    }
    return this.#rows;
  }
}

function headingOf({ status, bookingDate, valueDate, transactionDate }) {
  if (status !== 'booked') return capitalised(status);
  const date = bookingDate ?? valueDate ?? transactionDate;
  return date ? formatDay(date) : 'Without a date';
}

function row(transaction) {
  const { amount } = transaction.transactionAmount;
  return element(
    'li',
    { class: 'row' },
    element('span', { class: 'name', dir: 'auto' }, nameOf(transaction)),
    element(
      'span',
      { class: amount.startsWith('-') ? 'amount' : 'amount credit' },
      formatMoney(transaction.transactionAmount, { sign: true }),
    ),
    element('span', { class: 'detail', dir: 'auto' }, detailOf(transaction)),
    element('span', { class: 'instructed' }, instructedOf(transaction)),
  );
}

/** Who is on the other side. */
function nameOf({ merchantName, creditorName, debtorName, transactionAmount, additionalInformation }) {
  const other = transactionAmount.amount.startsWith('-') ? creditorName : debtorName;
  return merchantName ?? other ?? additionalInformation ?? 'Transaction';
}

function detailOf({ remittanceInformationUnstructured: lines, additionalInformation }) {
  return lines.join(' ') || (additionalInformation ?? '');
}

/** What was paid in another currency, before it was exchanged. */
function instructedOf({ instructedAmount, transactionAmount }) {
  const foreign = instructedAmount && instructedAmount.currency !== transactionAmount.currency;
  return foreign ? formatMoney(instructedAmount) : '';
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
