// What of a transaction is shown, whatever of it the bank tells: its day, the other side, what it was for.

/** Whether an amount goes out. */
export function isDebit({ amount }) {
  return amount.startsWith('-');
}

/** The day, `YYYY-MM-DD`; undefined where the bank tells none. */
export function dayOf({ bookingDate, valueDate, transactionDate }) {
  return bookingDate ?? valueDate ?? transactionDate;
}

/** Who is on the other side. */
export function nameOf({ merchantName, creditorName, debtorName, transactionAmount, additionalInformation }) {
  const other = isDebit(transactionAmount) ? creditorName : debtorName;
  return merchantName ?? other ?? additionalInformation ?? 'Transaction';
}

/** What it was for. */
export function detailOf({ remittanceInformationUnstructured: lines, additionalInformation }) {
  return lines.join(' ') || (additionalInformation ?? '');
}

/** What was paid in another currency, before it was exchanged; else undefined. */
export function foreignAmountOf({ instructedAmount, transactionAmount }) {
  return instructedAmount?.currency === transactionAmount.currency ? undefined : instructedAmount;
}
