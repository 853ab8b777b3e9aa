// The sandbox's customers: invented people.

/**
 * @typedef {object} Customer
 * @property {string} username
 * @property {string} password
 * @property {string} name
 * @property {string} locale
 */

/** @type {readonly Customer[]} */
export const CUSTOMERS = [
  { username: 'anna', password: 'sandbox-anna', name: 'Anna Żółkiewska', locale: 'de-DE' },
  { username: 'james', password: 'sandbox-james', name: 'James O’Connor', locale: 'en-GB' },
  { username: 'noor', password: 'sandbox-noor', name: 'Noor Al-Khalifa', locale: 'ar-BH' },
];
