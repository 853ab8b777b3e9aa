// The kinds of things that happen on an account, as constructors.
import { composeIBAN } from 'ibantools';
import { convert } from './currency.js';

/**
 * @typedef {object} Event something that happens on an account on a day
 * @property {'card' | 'cash' | 'transfer' | 'instant' | 'standing_order' | 'direct_debit' | 'salary' | 'interest' | 'charge' | 'loan' | 'refund'} kind
 * @property {number} minor signed, in minor units of the account's currency
 * @property {string} [name] the other side
 * @property {string} [ultimate] on whose behalf
 * @property {{ iban?: string, bban?: string, sort_code?: string, account_number?: string }} [account] the other side's
 * @property {string} [agent] the other side's bank
 * @property {string[]} [text]
 * @property {{ reference: string, reference_type?: string, reference_issuer?: string }[]} [references]
 * @property {number} [delay] days until it is booked; default 0
 * @property {string} [mcc]
 * @property {string} [city]
 * @property {{ currency: string, minor: number, rate: string }} [abroad]
 * @property {string} [mandate]
 * @property {string} [creditorId]
 * @property {string} [endToEnd]
 * @property {string} [purpose]
 * @property {number} [charge] in minor units
 * @property {string} [check] a cheque's number
 * @property {boolean} [anonymous] the bank gives it no id of any kind
 * @property {boolean} [rejected] it never took place
 */

/**
 * @param {import('./counterparties.js').Shop} shop
 * @param {import('./random.js').Chance} chance
 * @param {string} currency of the account
 * @returns {Event}
 */
export function cardPurchase(shop, chance, currency) {
  const price = chance.int(shop.low, shop.high);
  const delay = chance.int(1, 2);
  const common = {
    kind: /** @type {const} */ ('card'),
    name: shop.name,
    mcc: shop.mcc,
    delay,
    ...(shop.city ? { city: shop.city } : {}),
  };
  if (!shop.abroad) return { ...common, minor: -price };
  const { currency: foreign, rate } = shop.abroad;
  const home = convert(price, foreign, currency, rate);
  return {
    ...common,
    minor: -home,
    abroad: { currency: foreign, minor: price, rate },
    ...(chance.happens(50) ? { charge: Math.max(1, Math.floor((home * 175) / 10_000)) } : {}),
  };
}

/** @param {number} minor @param {string} city @returns {Event} */
export const cashWithdrawal = (minor, city) => ({
  kind: 'cash',
  minor: -minor,
  name: `ATM ${city}`,
  city,
  mcc: '6011',
  delay: 1,
});

/**
 * @param {string} name
 * @param {number} minor
 * @param {string} creditorId
 * @param {string} mandate
 * @param {string[]} text
 * @returns {Event}
 */
export const directDebit = (name, minor, creditorId, mandate, text) => ({
  kind: 'direct_debit',
  minor: -minor,
  name,
  creditorId,
  mandate,
  text,
  endToEnd: `${mandate}-${minor}`,
});

/**
 * @param {string} country
 * @param {string} bban
 * @returns {string} a valid IBAN of an invented account
 */
export function inventedIban(country, bban) {
  return composeIBAN({ countryCode: country, bban }) ?? '';
}
