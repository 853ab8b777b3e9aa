// The eight accounts of the sandbox.
import { composeIBAN } from 'ibantools';

/**
 * @typedef {object} Account
 * @property {string} id
 * @property {string} owner user name
 * @property {string} bankId
 * @property {string} type
 * @property {string} cashType ISO 20022
 * @property {'personal' | 'business'} usage
 * @property {string} currency
 * @property {string} name
 * @property {string} product
 * @property {string} opened
 * @property {{ iban?: string, bban?: string, sort_code?: string, account_number?: string, masked_pan?: string, msisdn?: string, other?: { identification: string, scheme_name?: string, issuer?: string } }} numbers
 * @property {string} life which kind of transactions it has
 * @property {number} balance what is on it about now, in minor units
 * @property {number} [creditLimit] in minor units
 * @property {string} [details]
 * @property {string} [linked]
 * @property {number} [historyDays] how many days ago it was opened; default: before the two years that are shown
 * @property {string} [firstDay] the day on which it stands at its balance; default: the sandbox's first day
 * @property {boolean} [settled] whether nothing is pending or booked on that day
 */

/** @param {string} countryCode @param {string} bban */
const iban = (countryCode, bban) => {
  const made = composeIBAN({ countryCode, bban });
  if (made === null) throw new Error(`no IBAN from ${countryCode} ${bban}`);
  return made;
};

/** @type {readonly Account[]} */
export const ACCOUNTS = [
  {
    id: 'acc_anna_current',
    owner: 'anna',
    bankId: 'wiesental',
    type: 'current',
    cashType: 'CACC',
    usage: 'personal',
    currency: 'EUR',
    name: 'Girokonto Plus',
    product: 'Giro Plus',
    opened: '2014-03-17',
    numbers: { iban: iban('DE', '500105170648489890') },
    life: 'family',
    balance: 8_412_37,
    creditLimit: 5_000_00,
  },
  {
    id: 'acc_anna_savings',
    owner: 'anna',
    bankId: 'wiesental',
    type: 'savings',
    cashType: 'SVGS',
    usage: 'personal',
    currency: 'EUR',
    name: 'Tagesgeld „Für später“',
    product: 'Tagesgeld',
    opened: '2016-09-01',
    numbers: { iban: iban('DE', '500105170648489999') },
    life: 'savings',
    balance: 23_450_00,
    linked: 'acc_anna_current',
  },
  {
    id: 'acc_anna_pln',
    owner: 'anna',
    bankId: 'wislany',
    type: 'current',
    cashType: 'CACC',
    usage: 'personal',
    currency: 'PLN',
    name: 'Konto osobiste',
    product: 'Konto Wisła',
    opened: '2009-06-30',
    numbers: { iban: iban('PL', '105000997603123456789123'), bban: '105000997603123456789123' },
    life: 'poland',
    balance: 9_320_55,
  },
  {
    id: 'acc_james_current',
    owner: 'james',
    bankId: 'thames-tyne',
    type: 'current',
    cashType: 'CACC',
    usage: 'personal',
    currency: 'GBP',
    name: 'Classic Account',
    product: 'Classic',
    opened: '2011-01-10',
    numbers: { iban: iban('GB', 'THTY20040187654321'), sort_code: '200401', account_number: '87654321' },
    life: 'britain',
    balance: 3_905_14,
    creditLimit: 500_00,
  },
  {
    id: 'acc_james_card',
    owner: 'james',
    bankId: 'thames-tyne',
    type: 'card',
    cashType: 'CARD',
    usage: 'personal',
    currency: 'GBP',
    name: 'Travel Credit Card',
    product: 'Travel Mastercard',
    opened: '2018-05-22',
    numbers: { masked_pan: '525412******3456' },
    life: 'card',
    balance: -842_19,
    creditLimit: 5_000_00,
    linked: 'acc_james_current',
  },
  {
    id: 'acc_james_mortgage',
    owner: 'james',
    bankId: 'thames-tyne',
    type: 'mortgage',
    cashType: 'LOAN',
    usage: 'personal',
    currency: 'GBP',
    name: 'Mortgage, 4 Quayside Row',
    product: '5 Year Fixed',
    opened: '2019-11-29',
    numbers: { sort_code: '200401', account_number: '50000417' },
    life: 'mortgage',
    balance: -187_604_33,
    details: 'Fixed at 3.94 % until November 2029',
    linked: 'acc_james_current',
  },
  {
    id: 'acc_noor_bhd',
    owner: 'noor',
    bankId: 'gulf-pearl',
    type: 'current',
    cashType: 'CACC',
    usage: 'business',
    currency: 'BHD',
    name: 'حساب جاري للأعمال',
    product: 'Business Current',
    opened: '2020-02-02',
    numbers: { iban: iban('BH', 'GPRL00001299123456') },
    life: 'bahrain',
    balance: 12_480_375,
  },
  {
    id: 'acc_noor_jpy',
    owner: 'noor',
    bankId: 'sakura-mirai',
    type: 'e_money',
    cashType: 'CASH',
    usage: 'personal',
    currency: 'JPY',
    name: '旅行用プリペイド 🌸',
    product: 'Mirai Wallet',
    opened: '2022-04-01',
    numbers: {
      account_number: '1234567',
      msisdn: '+81 90-0000-1234',
      other: { identification: 'SKMR-WLT-0042-7781', scheme_name: 'WALLET', issuer: 'Sakura Mirai' },
    },
    life: 'japan',
    balance: 184_350,
  },
];
