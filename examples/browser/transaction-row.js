// A row of the list of transactions; rows are reused, so making one and filling it are apart.
import { Money } from '@oakford/aisp';
import { formatDay, formatShortDay } from './dates.js';
import { element } from './element.js';
import { language } from './language.js';
import { dayOf, detailOf, foreignAmountOf, isDebit, nameOf } from './transaction.js';

/** An empty row. Names may be written from right to left: `bdi` lets them move nothing around them. */
export function makeRow() {
  return element(
    'li',
    { class: 'row' },
    element('time', { class: 'day' }),
    element('span', { class: 'year' }),
    element('bdi', { class: 'name' }),
    element('span', { class: 'amount' }),
    element('span', { class: 'detail' }, element('span', { class: 'status' }), element('bdi', {})),
    element('span', { class: 'foreign' }),
  );
}

/** Puts a transaction into a row; the day is written where it differs from that of the row before. */
export function fillRow(row, transaction, before) {
  const { status, transactionAmount } = transaction;
  const [day, year, name, amount, detail, foreign] = row.children;
  const [badge, text] = detail.children;
  const date = dayOf(transaction);
  const isNewDay = !before || dayOf(before) !== date;
  row.className = `row ${status}${isNewDay ? ' new-day' : ''}`;
  day.textContent = date ? formatShortDay(date) : 'No date';
  day.dateTime = date ?? '';
  day.title = date ? formatDay(date) : '';
  year.textContent = date ? date.slice(0, 4) : '';
  name.textContent = nameOf(transaction);
  badge.textContent = status === 'booked' ? '' : capitalised(status);
  text.textContent = detailOf(transaction);
  // What came in has a plus, so that the colour isn't all that tells.
  const isCredit = !isDebit(transactionAmount);
  amount.className = isCredit ? 'amount credit' : 'amount';
  amount.textContent = `${isCredit ? '+' : ''}${Money.format(transactionAmount, language)}`;
  const paid = foreignAmountOf(transaction);
  foreign.textContent = paid ? Money.format(paid, language) : '';
}

/** Such as `Pending`. */
export function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
