// The list of transactions under the day of each: what is pending first, then day by day.
import { Money } from '@oakford/aisp';
import { formatDay } from './dates.js';
import { element, nameText } from './element.js';
import { language } from './language.js';

/** A list that grows page by page. */
export class TransactionList {
  element = element('div', { class: 'days' });
  size = 0;
  #day;

  /** Adds rows, in the order in which the bank tells them. */
  add(transactions) {
    for (const transaction of transactions) {
      const { rows, section } = this.#dayOf(headingOf(transaction));
      rows.append(row(transaction));
      // The stylesheet estimates from this how high a day is that is not laid out yet.
      section.style.setProperty('--rows', rows.childElementCount);
    }
    this.size += transactions.length;
  }

  #dayOf(heading) {
    if (heading !== this.#day?.heading) {
      const rows = element('ul', { role: 'list' });
      const section = element('section', { class: 'day' }, element('h4', {}, heading), rows);
      this.element.append(section);
      this.#day = { heading, rows, section };
    }
    return this.#day;
  }
}

function headingOf({ status, bookingDate, valueDate, transactionDate }) {
  if (status !== 'booked') return capitalised(status);
  const date = bookingDate ?? valueDate ?? transactionDate;
  return date ? formatDay(date) : 'Without a date';
}

function row(transaction) {
  return element(
    'li',
    { class: 'row' },
    element('span', { class: 'name' }, nameText(nameOf(transaction))),
    amount(transaction),
    element('span', { class: 'detail' }, nameText(detailOf(transaction))),
    element('span', { class: 'instructed' }, instructedOf(transaction)),
  );
}

/** What came in has a plus, so that the colour isn't all that tells. */
function amount({ transactionAmount }) {
  const text = Money.format(transactionAmount, language);
  return isDebit(transactionAmount)
    ? element('span', { class: 'amount' }, text)
    : element('span', { class: 'amount credit' }, `+${text}`);
}

function isDebit({ amount }) {
  return amount.startsWith('-');
}

/** Who is on the other side. */
function nameOf({ merchantName, creditorName, debtorName, transactionAmount, additionalInformation }) {
  const other = isDebit(transactionAmount) ? creditorName : debtorName;
  return merchantName ?? other ?? additionalInformation ?? 'Transaction';
}

function detailOf({ remittanceInformationUnstructured: lines, additionalInformation }) {
  return lines.join(' ') || (additionalInformation ?? '');
}

/** What was paid in another currency, before it was exchanged. */
function instructedOf({ instructedAmount, transactionAmount }) {
  const foreign = instructedAmount && instructedAmount.currency !== transactionAmount.currency;
  return foreign ? Money.format(instructedAmount, language) : '';
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
