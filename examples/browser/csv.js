// Transactions as CSV (RFC 4180) for a spreadsheet: amounts keep their digits, and no text of a bank becomes a formula.
import { detailOf, nameOf } from './transaction.js';

const COLUMNS = {
  'Booking date': ({ bookingDate }) => bookingDate,
  'Transaction date': ({ transactionDate }) => transactionDate,
  Status: ({ status }) => status,
  Name: nameOf,
  Details: detailOf,
  Amount: ({ transactionAmount }) => transactionAmount.amount,
  Currency: ({ transactionAmount }) => transactionAmount.currency,
  'Original amount': ({ instructedAmount }) => instructedAmount?.amount,
  'Original currency': ({ instructedAmount }) => instructedAmount?.currency,
  'Bank transaction code': ({ bankTransactionCode }) => bankTransactionCode,
  Key: ({ key }) => key,
};

// Without it Excel takes UTF-8 for the system's code page.
const BYTE_ORDER_MARK = '\uFEFF';

/** The text of the file. */
export function toCsv(transactions) {
  const rows = transactions.map((transaction) => Object.values(COLUMNS).map((of) => of(transaction) ?? ''));
  return (
    BYTE_ORDER_MARK + [Object.keys(COLUMNS), ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
  );
}

/** All are quoted, so that commas, quotes and line ends stay inside. */
function cell(text) {
  return `"${harmless(text).replaceAll('"', '""')}"`;
}

/**
 * A spreadsheet takes what begins with one of these characters for a formula, and where it splits at semicolons, also what follows
 * one. An apostrophe makes it text. A number stays one.
 */
function harmless(text) {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  return text.replace(/(?<=^|[;\t\n]|\r(?!\n))(?=[\s"']*[=+\-@＝＋－＠])/g, "'");
}
