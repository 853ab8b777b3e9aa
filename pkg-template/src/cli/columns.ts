/** The columns of each list: what a table shows, and what a CSV file holds. */

import type { Account, Balance, Transaction } from '../index.js';

/** One column. Text comes from a bank; everything else is made of digits, letters and hyphens. */
export interface Column<Row> {
  /** The name in the header of a CSV file. */
  name: string;
  /** Where the column stands in a table; absent where only the CSV file has it. */
  table?: { title: string; width: number; right?: true };
  /** The value; undefined where the row has none. */
  of: (row: Row) => string | undefined;
  /** What a table shows instead of `of`. */
  shown?: (row: Row) => string | undefined;
  /** Whether the value is exact digits, which a spreadsheet may take for a number. */
  amount?: true;
}

/** A row of an account. */
export interface Of<Row> {
  accountId: string;
  row: Row;
}

/** A change of a transaction that `sync` found. */
export interface Change {
  accountId: string;
  change: 'added' | 'updated' | 'removed';
  key: string;
  /** The key of the row that took the place of a removed one. */
  replacedBy?: string | undefined;
  /** Absent where the row was removed. */
  row?: Transaction;
}

const account: Column<{ accountId: string }> = {
  name: 'account_id',
  table: { title: 'Account', width: 20 },
  of: ({ accountId }) => accountId,
};

/** The columns of accounts. */
export const accountColumns: Column<Account>[] = [
  account,
  { name: 'name', table: { title: 'Name', width: 30 }, of: (row) => row.displayName ?? row.name },
  { name: 'type', table: { title: 'Type', width: 8 }, of: (row) => row.accountType },
  { name: 'currency', table: { title: 'Cur', width: 3 }, of: (row) => row.currency },
  { name: 'iban', table: { title: 'IBAN', width: 34 }, of: (row) => row.iban },
  { name: 'account_number', of: (row) => row.accountNumber },
  { name: 'sort_code', of: (row) => row.sortCode },
  { name: 'masked_pan', of: (row) => row.maskedPan },
  { name: 'bank', of: (row) => row.provider?.displayName ?? row.provider?.providerId },
  { name: 'consent_expires_at', of: (row) => row.consentExpiresAt },
];

/** The columns of balances. */
export const balanceColumns: Column<Of<Balance>>[] = [
  account,
  { name: 'type', table: { title: 'Balance', width: 24 }, of: ({ row }) => row.balanceType },
  {
    name: 'amount',
    table: { title: 'Amount', width: 14, right: true },
    of: ({ row }) => row.balanceAmount.amount,
    amount: true,
  },
  { name: 'currency', table: { title: 'Cur', width: 3 }, of: ({ row }) => row.balanceAmount.currency },
  { name: 'reference_date', table: { title: 'Date', width: 10 }, of: ({ row }) => row.referenceDate },
];

const inTransaction: Column<Transaction>[] = [
  { name: 'status', of: (row) => row.status },
  {
    name: 'booking_date',
    table: { title: 'Booked', width: 10 },
    of: (row) => row.bookingDate,
    shown: (row) => row.bookingDate ?? row.status,
  },
  { name: 'value_date', of: (row) => row.valueDate },
  { name: 'transaction_date', of: (row) => row.transactionDate },
  {
    name: 'amount',
    table: { title: 'Amount', width: 14, right: true },
    of: (row) => row.transactionAmount.amount,
    amount: true,
  },
  { name: 'currency', table: { title: 'Cur', width: 3 }, of: (row) => row.transactionAmount.currency },
  { name: 'name', table: { title: 'Name', width: 24 }, of: nameOf },
  { name: 'details', table: { title: 'Details', width: 24 }, of: detailsOf },
  { name: 'bank_transaction_code', of: (row) => row.bankTransactionCode },
];

/** The columns of transactions. */
export const transactionColumns: Column<Of<Transaction>>[] = [
  account,
  { name: 'key', of: ({ row }) => row.key },
  ...inTransaction.map((column) => through(column, ({ row }: Of<Transaction>) => row)),
];

/** The columns of changes. */
export const changeColumns: Column<Change>[] = [
  { name: 'change', table: { title: 'Change', width: 7 }, of: ({ change }) => change },
  account,
  { name: 'key', of: ({ key }) => key },
  { name: 'replaced_by', of: ({ replacedBy }) => replacedBy },
  ...inTransaction.map((column) => through(column, ({ row }: Change) => row)),
];

/** The column of rows that hold the column's own rows. */
function through<Outer, Inner>(
  { of, shown = of, ...column }: Column<Inner>,
  inner: (row: Outer) => Inner | undefined,
): Column<Outer> {
  const reach = (read: typeof of) => (outer: Outer) => {
    const row = inner(outer);
    return row && read(row);
  };
  return { ...column, of: reach(of), shown: reach(shown) };
}

function nameOf(row: Transaction): string | undefined {
  const debit = row.transactionAmount.amount.startsWith('-');
  return row.merchantName ?? (debit ? row.creditorName : row.debtorName);
}

function detailsOf(row: Transaction): string | undefined {
  const text = row.remittanceInformationUnstructured.join(' ');
  return text === '' ? row.additionalInformation : text;
}
