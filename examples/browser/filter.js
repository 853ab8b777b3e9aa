// Which transactions a filter lets through. Amounts are compared exactly, dates as the strings that they are.
import { Money } from '@oakford/aisp';
import { dayOf, detailOf, isDebit, nameOf } from './transaction.js';

/**
 * The test for `{ text, direction: 'in' | 'out', status, from, to, least, most }`, of which each may be empty. `least` and `most` are
 * decimal numbers as text, without regard to the sign.
 */
export function filterBy({ text, direction, status, from, to, least, most }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (transaction) => {
    const { transactionAmount } = transaction;
    if (status && transaction.status !== status) return false;
    if (direction && (direction === 'out') !== isDebit(transactionAmount)) return false;
    const day = dayOf(transaction) ?? '';
    if ((from && day < from) || (to && day > to)) return false;
    if (least && compareSize(transactionAmount, least) < 0) return false;
    if (most && compareSize(transactionAmount, most) > 0) return false;
    return words.length === 0 || words.every((word) => textOf(transaction).includes(word));
  };
}

function compareSize(money, bound) {
  const { currency } = money;
  return Money.compare(isDebit(money) ? Money.negate(money) : money, { amount: bound, currency });
}

const texts = new WeakMap();

/** What is searched, made once for each transaction. */
function textOf(transaction) {
  let text = texts.get(transaction);
  if (text === undefined) {
    const { transactionAmount } = transaction;
    text = [nameOf(transaction), detailOf(transaction), transactionAmount.amount].join('\n').toLowerCase();
    texts.set(transaction, text);
  }
  return text;
}
