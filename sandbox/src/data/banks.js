// The sandbox's banks, and the habits in which real banks differ.

/**
 * @typedef {object} Bank
 * @property {string} id
 * @property {string} name
 * @property {string} mark a letter or two for its logo
 * @property {string} country ISO 3166
 * @property {string} bic
 * @property {string} [note] said on the page instead of the country
 * @property {'always' | 'booked' | 'never'} transactionIds when rows have an id; `never`: an entry reference only
 * @property {boolean} nulls absent fields are sent as null
 * @property {boolean} balanceAfter booked rows say the balance after them
 */

export const DEMO_BANK_ID = 'oakford-demo';

/** @type {readonly Bank[]} */
export const BANKS = [
  {
    id: DEMO_BANK_ID,
    name: 'Oakford Demo Bank',
    mark: 'O',
    note: 'Knows every account of each customer',
    country: 'GB',
    bic: 'OAKFGB2L',
    transactionIds: 'always',
    nulls: false,
    balanceAfter: false,
  },
  {
    id: 'wiesental',
    name: 'Wiesental Bank',
    mark: 'W',
    country: 'DE',
    bic: 'WIESDEFF',
    transactionIds: 'booked',
    nulls: false,
    balanceAfter: true,
  },
  {
    id: 'wislany',
    name: 'Bank Wiślany',
    mark: 'BW',
    country: 'PL',
    bic: 'WISLPLPW',
    transactionIds: 'never',
    nulls: true,
    balanceAfter: false,
  },
  {
    id: 'thames-tyne',
    name: 'Thames & Tyne Bank',
    mark: 'T&T',
    country: 'GB',
    bic: 'THTYGB2L',
    transactionIds: 'always',
    nulls: false,
    balanceAfter: false,
  },
  {
    id: 'sakura-mirai',
    name: 'さくら未来銀行 Sakura Mirai',
    mark: 'SM',
    country: 'JP',
    bic: 'SKMRJPJT',
    transactionIds: 'booked',
    nulls: false,
    balanceAfter: true,
  },
  {
    id: 'gulf-pearl',
    name: 'Gulf Pearl Bank',
    mark: 'GP',
    country: 'BH',
    bic: 'GPRLBHBM',
    transactionIds: 'always',
    nulls: true,
    balanceAfter: false,
  },
];
