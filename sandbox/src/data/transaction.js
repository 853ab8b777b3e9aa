// Turns something that happened into a transaction as it goes over the wire.
import { amount, decimal } from './currency.js';
import { stableId } from './random.js';

/** @typedef {import('./events.js').Event} Event */
/** @typedef {import('./accounts.js').Account} Account */
/** @typedef {import('./banks.js').Bank} Bank */
/** @typedef {import('./day-book.js').Happening} Happening */

/** ISO 20022 domain, family and sub-family of each kind, for debit and credit. */
const CODES = {
  card: ['PMNT-CCRD-POSD', 'PMNT-CCRD-POSD'],
  cash: ['PMNT-CCRD-CWDL', 'PMNT-CCRD-CDPT'],
  refund: ['PMNT-CCRD-RIMB', 'PMNT-CCRD-RIMB'],
  transfer: ['PMNT-ICDT-ESCT', 'PMNT-RCDT-ESCT'],
  instant: ['PMNT-IRCT-ESCT', 'PMNT-RRCT-ESCT'],
  standing_order: ['PMNT-ICDT-STDO', 'PMNT-RCDT-STDO'],
  salary: ['PMNT-ICDT-SALA', 'PMNT-RCDT-SALA'],
  direct_debit: ['PMNT-RDDT-ESDD', 'PMNT-IDDT-ESDD'],
  interest: ['ACMT-MDOP-INTR', 'ACMT-MCOP-INTR'],
  charge: ['ACMT-MDOP-CHRG', 'ACMT-MCOP-CHRG'],
  loan: ['LDAS-MGLN-PPAY', 'LDAS-MGLN-PPAY'],
};

const NULLABLE = [
  'value_date',
  'entry_reference',
  'creditor_agent',
  'debtor_agent',
  'purpose_code',
  'additional_information',
  'card',
  'end_to_end_id',
  'mandate_id',
];

/**
 * @param {Account} account
 * @param {Bank} bank
 * @param {Happening} happening
 * @param {{ pending: boolean, seed: string, balanceAfter: number | undefined }} state
 * @returns {Record<string, unknown>}
 */
export function toWire(account, bank, { event, date, index, bookedOn }, { pending, seed, balanceAfter }) {
  const { currency } = account;
  const id = stableId(20, seed, account.id, date, String(index));
  const wire = {
    ...identity(bank, event, id, pending),
    status: pending ? 'pending' : event.rejected ? 'rejected' : 'booked',
    mutability: pending ? 'mutable' : 'immutable',
    transaction_amount: amount(event.minor, currency),
    credit_debit_indicator: event.minor < 0 ? 'debit' : 'credit',
    ...(pending ? {} : { booking_date: bookedOn, value_date: bookedOn }),
    transaction_date: date,
    ...(event.kind === 'instant' && !pending ? { booking_date_time: `${bookedOn}T${clockOf(id)}Z` } : {}),
    ...sides(account, event),
    ...(event.text ? { remittance_information_unstructured: event.text } : {}),
    ...(event.references ? { remittance_information_structured: event.references } : {}),
    bank_transaction_code: CODES[event.kind][event.minor < 0 ? 0 : 1],
    proprietary_bank_transaction_code: { code: event.kind.toUpperCase(), issuer: bank.name },
    ...(event.purpose ? { purpose_code: event.purpose } : {}),
    ...shopDetails(account, event),
    ...(event.charge ? { charge_amount: amount(event.charge, currency) } : {}),
    ...exchange(event, currency, date),
    ...(bank.balanceAfter && !pending && balanceAfter !== undefined
      ? {
          balance_after_transaction: {
            balance_amount: amount(balanceAfter, currency),
            balance_type: 'interim_booked',
          },
        }
      : {}),
    ...(event.endToEnd ? { end_to_end_id: event.endToEnd } : {}),
    ...(event.mandate ? { mandate_id: event.mandate } : {}),
    ...(event.check ? { check_id: event.check } : {}),
  };
  return bank.nulls ? withNulls(wire) : wire;
}

/**
 * @param {Bank} bank
 * @param {Event} event
 * @param {string} id
 * @param {boolean} pending
 */
function identity(bank, event, id, pending) {
  if (event.anonymous) return {};
  const pendingId = pending ? { pending_transaction_id: `P-${id.slice(0, 12)}` } : {};
  switch (bank.transactionIds) {
    case 'always':
      return { transaction_id: id, ...pendingId };
    case 'booked':
      return pending ? pendingId : { transaction_id: id, entry_reference: id.slice(0, 10) };
    case 'never':
      return pending ? {} : { entry_reference: id.slice(0, 14) };
  }
}

/** @param {Account} account @param {Event} event */
function sides({ numbers, currency }, event) {
  const other = event.minor < 0 ? 'creditor' : 'debtor';
  const own = event.minor < 0 ? 'debtor' : 'creditor';
  const { other: _, msisdn: __, ...ownNumbers } = numbers;
  return {
    ...(event.name ? { [`${other}_name`]: event.name } : {}),
    ...(event.ultimate ? { [`ultimate_${other}`]: event.ultimate } : {}),
    ...(event.account ? { [`${other}_account`]: event.account } : {}),
    ...(event.agent ? { [`${other}_agent`]: event.agent } : {}),
    ...(event.account ? { [`${own}_account`]: { ...ownNumbers, currency } } : {}),
    ...(event.creditorId ? { creditor_id: event.creditorId } : {}),
  };
}

/** @param {Account} account @param {Event} event */
function shopDetails({ numbers, id }, event) {
  if (!event.mcc) return {};
  return {
    merchant_category_code: event.mcc,
    merchant_name: event.name,
    ...(event.city ? { additional_information: event.city } : {}),
    card: {
      masked_pan:
        numbers.masked_pan ?? `432100******${stableId(8, id).replace(/\D/g, '').padEnd(4, '7').slice(0, 4)}`,
      scheme: numbers.masked_pan ? 'mastercard' : 'visa',
      authorisation_type: event.kind === 'cash' ? 'pin' : 'contactless',
    },
  };
}

/** @param {Event} event @param {string} currency @param {string} date */
function exchange({ abroad, minor }, currency, date) {
  if (!abroad) return {};
  return {
    instructed_amount: {
      amount: decimal(minor < 0 ? -abroad.minor : abroad.minor, abroad.currency),
      currency: abroad.currency,
    },
    currency_exchange: [
      {
        source_currency: abroad.currency,
        target_currency: currency,
        unit_currency: abroad.currency,
        exchange_rate: abroad.rate,
        quotation_date: date,
      },
    ],
  };
}

/** @param {Record<string, unknown>} wire */
function withNulls(wire) {
  return { ...Object.fromEntries(NULLABLE.map((field) => [field, null])), ...wire };
}

/** @param {string} id @returns {string} a time of day that belongs to the id */
function clockOf(id) {
  const number = Number.parseInt(id.slice(0, 6), 16);
  const part = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return `${part(number % 24)}:${part((number >> 5) % 60)}:${part((number >> 11) % 60)}`;
}
