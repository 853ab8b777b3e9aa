// What happens on each account on a given day: salaries, rents, shopping, trips, mistakes.
import {
  BAHRAINI_SHOPS,
  BRITISH_SHOPS,
  FOREIGN_SHOPS,
  GERMAN_SHOPS,
  JAPANESE_SHOPS,
  POLISH_SHOPS,
  TRAVEL_SHOPS,
} from './counterparties.js';
import { dayOfMonth, weekday } from './dates.js';
import { cardPurchase, cashWithdrawal, directDebit, inventedIban } from './events.js';

/** @typedef {import('./events.js').Event} Event */
/** @typedef {import('./random.js').Chance} Chance */
/** @typedef {{ date: string, day: number, weekday: number, month: string, chance: Chance, currency: string }} Today */
/** @typedef {(today: Today) => Event[]} Life */

/**
 * @param {string} life
 * @param {string} date
 * @param {Chance} chance
 * @param {string} currency
 * @returns {Event[]}
 */
export function eventsOf(life, date, chance, currency) {
  const live = LIVES[life];
  if (!live) throw new RangeError(`no life ${life}`);
  return live({
    date,
    day: dayOfMonth(date),
    weekday: weekday(date),
    month: date.slice(0, 7),
    chance,
    currency,
  });
}

/**
 * @param {readonly import('./counterparties.js').Shop[]} shops
 * @param {number} count
 * @param {Today} today
 */
const shopping = (shops, count, { chance, currency }) =>
  Array.from({ length: count }, () => cardPurchase(chance.pick(shops), chance, currency));

/** @param {boolean} condition @param {...Event} events */
const when = (condition, ...events) => (condition ? events : []);

/** @type {Record<string, Life>} */
const LIVES = {
  // The busy account: about fourteen rows a day, ten thousand in two years.
  family(today) {
    const { day, weekday: wd, month, chance } = today;
    const busy = wd === 6 ? chance.int(15, 21) : wd === 0 ? chance.int(5, 9) : chance.int(12, 16);
    return [
      ...when(day === 1, {
        kind: 'standing_order',
        minor: -1_480_00,
        name: 'Hausverwaltung Dreisamblick GmbH',
        ultimate: 'Familie Öztürk',
        account: { iban: inventedIban('DE', '680900000012345678') },
        agent: 'GENODE61FR1',
        text: [`Miete ${month}`, 'Wohnung 3. OG links'],
        endToEnd: 'NOTPROVIDED',
        purpose: 'RENT',
      }),
      ...when(
        day === 3,
        directDebit('Stadtwerke Dreisam', 138_00, 'DE98ZZZ09999999999', 'SWD-2019-44121', [
          `Strom und Gas ${month}`,
        ]),
      ),
      ...when(
        day === 5,
        directDebit('Fernruf Süd', 49_95, 'DE74ZZZ00000045294', 'FS-771203', ['Internet & Mobilfunk']),
      ),
      ...when(
        day === 15,
        directDebit('Badische Versicherung', 212_40, 'DE12ZZZ00000011111', 'BV-88-02-1977', [
          'Hausrat, Kfz, Haftpflicht',
        ]),
      ),
      ...when(
        day === 12,
        directDebit('Lichtspiel Streaming', 17_99, 'NL11ZZZ123456780000', 'LSP-0009182', ['Abo 📺']),
      ),
      ...when(day === 25, {
        kind: 'salary',
        minor: 6_480_00,
        name: 'Solarwerk Breisgau AG',
        account: { iban: inventedIban('DE', '680501010002090123') },
        agent: 'FRSPDE66XXX',
        text: [`Lohn/Gehalt ${month}`, 'Personalnr. 004711'],
        endToEnd: `SAL-${month}-004711`,
        purpose: 'SALA',
      }),
      ...when(day === 28, {
        kind: 'transfer',
        minor: 6_240_00,
        name: 'Θεόδωρος Παπαδόπουλος',
        account: { iban: inventedIban('GR', '01101250000000012300695') },
        agent: 'ETHNGRAA',
        references: [
          {
            reference: `RF18 5390 0754 ${month.replace('-', '')}`,
            reference_type: 'SCOR',
            reference_issuer: 'ISO',
          },
        ],
        text: ['Haushaltsbeitrag / συνεισφορά'],
        endToEnd: `HH-${month}`,
      }),
      ...when(day === 27, {
        kind: 'standing_order',
        minor: -350_00,
        name: 'Anna Żółkiewska',
        account: { iban: inventedIban('DE', '500105170648489999') },
        text: ['Sparen'],
      }),
      // Two coffees at one counter: same row twice, and the bank tells them apart by nothing.
      ...when(
        day === 14,
        ...Array.from(
          { length: 2 },
          () =>
            /** @type {Event} */ ({
              kind: 'card',
              minor: -3_20,
              name: 'Café Möwe ☕',
              mcc: '5814',
              city: 'Freiburg',
              delay: 1,
              anonymous: true,
            }),
        ),
      ),
      ...when(day === 8 && chance.happens(30), {
        ...directDebit('Fitness Schwarzwald', 29_90, 'DE55ZZZ00000077777', 'FSW-31', ['Beitrag']),
        rejected: true,
      }),
      ...when(chance.happens(9), cashWithdrawal(chance.int(2, 15) * 10_00, 'Freiburg')),
      ...when(chance.happens(5), {
        kind: 'refund',
        minor: chance.int(9_90, 89_00),
        name: 'Kaufhalle Süd',
        mcc: '5411',
        text: ['Gutschrift Retoure'],
        delay: 2,
      }),
      ...when(chance.happens(12), {
        kind: 'instant',
        minor: -chance.int(5_00, 60_00),
        name: chance.pick(['Jürgen Groß', 'Zoë Müller-Lüdenscheidt', 'Łukasz Wójcik', 'Σοφία Παππά']),
        account: {
          iban: inventedIban('DE', `10010010${String(chance.int(0, 999_999_999)).padStart(10, '0')}`),
        },
        text: [chance.pick(['Geschenk 🎁', 'Pizza 🍕 gestern', 'Danke!', 'Fahrgemeinschaft'])],
      }),
      ...when(chance.happens(20), ...shopping(FOREIGN_SHOPS, 1, today)),
      ...shopping(GERMAN_SHOPS, busy, today),
    ];
  },

  savings({ day, date, month, chance }) {
    return [
      ...when(day === 27, {
        kind: 'standing_order',
        minor: 350_00,
        name: 'Anna Żółkiewska',
        account: { iban: inventedIban('DE', '500105170648489890') },
        text: ['Sparen'],
      }),
      ...when(['03-31', '06-30', '09-30', '12-31'].includes(date.slice(5)), {
        kind: 'interest',
        minor: chance.int(88_00, 104_00),
        name: 'Wiesental Bank',
        text: [`Zinsen bis ${month}`],
      }),
      ...when(date.slice(5) === '12-31', {
        kind: 'charge',
        minor: -24_60,
        name: 'Wiesental Bank',
        text: ['Kapitalertragsteuer'],
      }),
    ];
  },

  poland(today) {
    const { day, month, chance } = today;
    return [
      ...when(day === 10, {
        kind: 'transfer',
        minor: 3_150_00,
        name: 'Grażyna Brzęczyszczykiewicz',
        account: { bban: '10203352000012020123456' },
        text: [`Czynsz za mieszkanie ${month}`, 'ul. Piotrkowska 77/3'],
      }),
      ...when(
        day === 18,
        directDebit('Łódzka Energia S.A.', 184_32, 'PL99ZZZ0000000001', 'LE-55121', ['Prąd i ogrzewanie']),
      ),
      ...when(day === 20, {
        kind: 'transfer',
        minor: -412_00,
        name: 'Wspólnota Mieszkaniowa Piotrkowska',
        account: { bban: '10501025000009030303030' },
        references: [{ reference: `WM/${month}/3`, reference_type: 'PUOR' }],
        text: ['Opłaty – zaliczka'],
      }),
      ...when(chance.happens(4), cashWithdrawal(chance.int(1, 8) * 50_00, 'Łódź')),
      ...shopping(POLISH_SHOPS, chance.int(0, 3), today),
    ];
  },

  britain(today) {
    const { day, month, chance } = today;
    return [
      ...when(day === 28, {
        kind: 'salary',
        minor: 3_482_16,
        name: 'TYNE VALLEY HOSPITALS NHS TRUST',
        account: { sort_code: '608009', account_number: '10002244' },
        text: [`PAYROLL ${month}`],
        purpose: 'SALA',
      }),
      ...when(day === 1, {
        kind: 'standing_order',
        minor: -1_104_58,
        name: 'THAMES & TYNE MORTGAGES',
        account: { sort_code: '200401', account_number: '50000417' },
        text: ['MORTGAGE 50000417'],
      }),
      ...when(day === 6, directDebit('CITY COUNCIL TAX', 171_00, '941922', 'CT-8812-04', ['COUNCIL TAX'])),
      ...when(day === 16, {
        kind: 'transfer',
        minor: -chance.int(380_00, 720_00),
        name: 'TRAVEL CREDIT CARD',
        text: ['CARD PAYMENT', '525412******3456'],
      }),
      ...when(chance.happens(2), {
        kind: 'transfer',
        minor: -chance.int(40_00, 180_00),
        name: 'Siobhán Ní Bhriain',
        check: String(chance.int(100_200, 100_999)),
        text: ['CHEQUE'],
        delay: 2,
      }),
      ...when(chance.happens(6), cashWithdrawal(chance.int(1, 10) * 10_00, 'Newcastle')),
      ...shopping(BRITISH_SHOPS, chance.int(1, 4), today),
    ];
  },

  card(today) {
    const { day, chance } = today;
    const away = today.month.endsWith('-07') || today.month.endsWith('-02');
    return [
      ...when(day === 16, {
        kind: 'transfer',
        minor: chance.int(380_00, 720_00),
        name: 'JAMES O’CONNOR',
        text: ['PAYMENT RECEIVED – THANK YOU'],
      }),
      ...when(day === 4, { kind: 'charge', minor: -3_00, name: 'Thames & Tyne Bank', text: ['MONTHLY FEE'] }),
      ...when(chance.happens(2), {
        kind: 'refund',
        minor: chance.int(12_00, 90_00),
        name: 'Grainger Books',
        mcc: '5942',
        delay: 2,
      }),
      ...(away ? when(day % 4 === 0, ...shopping(TRAVEL_SHOPS, 1, today)) : []),
      ...when(chance.happens(45), ...shopping(BRITISH_SHOPS, 1, today)),
    ];
  },

  mortgage({ day, month }) {
    return [
      ...when(day === 1, {
        kind: 'loan',
        minor: 1_104_58,
        name: 'James O’Connor',
        text: [`REPAYMENT ${month}`],
      }),
      ...when(day === 28, {
        kind: 'interest',
        minor: -617_20,
        name: 'Thames & Tyne Bank',
        text: [`INTEREST ${month}`],
      }),
    ];
  },

  bahrain(today) {
    const { day, month, chance } = today;
    return [
      ...when(day === 2, {
        kind: 'transfer',
        minor: -850_500,
        name: 'شركة المنامة العقارية',
        account: { iban: inventedIban('BH', 'NBOB00001234567890') },
        agent: 'NBOBBHBM',
        text: [`إيجار المكتب ${month}`],
        purpose: 'RENT',
      }),
      ...when(day === 26, {
        kind: 'transfer',
        minor: -1_240_125,
        name: 'مريم الدوسري',
        account: { iban: inventedIban('BH', 'BBKU00001110002223') },
        text: ['راتب'],
        purpose: 'SALA',
      }),
      ...when(day % 8 === 0, {
        kind: 'transfer',
        minor: chance.int(640_000, 1_310_000),
        name: chance.pick(['Al Reem Trading W.L.L.', 'شركة البحر للتجارة', 'Ørsund Skipping AS']),
        account: { iban: inventedIban('BH', 'GPRL00009876543210') },
        references: [
          { reference: `INV-${month}-${day}`, reference_type: 'CINV', reference_issuer: 'Noor Design' },
        ],
        endToEnd: `INV-${month}-${day}`,
      }),
      ...when(day === 30, { kind: 'charge', minor: -2_625, name: 'Gulf Pearl Bank', text: ['Account fee'] }),
      ...shopping(BAHRAINI_SHOPS, chance.int(0, 2), today),
    ];
  },

  japan(today) {
    const { day, chance } = today;
    return [
      ...when(day === 1, {
        kind: 'instant',
        minor: 80_000,
        name: 'ヌール アル・ハリーファ',
        text: ['チャージ'],
      }),
      ...when(day === 20, { kind: 'charge', minor: -220, name: 'Sakura Mirai', text: ['月額手数料'] }),
      ...shopping(JAPANESE_SHOPS, chance.int(0, 3), today),
    ];
  },
};
