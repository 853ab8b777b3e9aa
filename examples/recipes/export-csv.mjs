// Writes transactions into a CSV file (RFC 4180), row by row, so that a history of any length needs little memory.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const COLUMNS = {
  booking_date: ({ bookingDate }) => bookingDate,
  status: ({ status }) => status,
  amount: ({ transactionAmount }) => transactionAmount.amount,
  currency: ({ transactionAmount }) => transactionAmount.currency,
  name: ({ merchantName, creditorName, debtorName }) => merchantName ?? creditorName ?? debtorName,
  details: ({ remittanceInformationUnstructured }) => remittanceInformationUnstructured.join(' '),
  key: ({ key }) => key,
};

/** Writes the transactions of `query` into `file`. */
export async function exportCsv(session, accountId, query, file) {
  await pipeline(Readable.from(lines(session.transactions(accountId, query))), createWriteStream(file));
}

async function* lines(transactions) {
  yield line(Object.keys(COLUMNS));
  for await (const row of transactions) yield line(Object.values(COLUMNS).map((of) => of(row) ?? ''));
}

const line = (cells) => `${cells.map(cell).join(',')}\r\n`;

/** Amounts keep their digits. No text of a bank becomes a formula: an apostrophe makes it text. */
function cell(text) {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const harmless = isNumber ? text : text.replace(/(?<=^|[;\t\n]|\r(?!\n))(?=[\s"']*[=+\-@＝＋－＠])/g, "'");
  return `"${harmless.replaceAll('"', '""')}"`;
}
