// Whom the customers pay and who pays them: invented shops, landlords and employers.

/** @typedef {{ name: string, mcc: string, low: number, high: number, city?: string, abroad?: { currency: string, rate: string } }} Shop prices in minor units */

/** @type {readonly Shop[]} */
export const GERMAN_SHOPS = [
  { name: 'Biomarkt Grünkern', mcc: '5411', low: 640, high: 6200, city: 'Freiburg' },
  { name: 'Bäckerei Kornähre', mcc: '5462', low: 120, high: 980, city: 'Freiburg' },
  { name: 'Kaufhalle Süd', mcc: '5411', low: 310, high: 7800, city: 'Freiburg' },
  { name: 'Drogerie Lindenblüte', mcc: '5912', low: 250, high: 3900, city: 'Freiburg' },
  { name: 'Café Möwe ☕', mcc: '5814', low: 280, high: 1150, city: 'Freiburg' },
  { name: 'Stadtwerke Nahverkehr', mcc: '4111', low: 260, high: 890, city: 'Freiburg' },
  { name: 'Buchhandlung Seitenweise', mcc: '5942', low: 890, high: 4200, city: 'Freiburg' },
  { name: 'Pizzeria Da Ciccio', mcc: '5812', low: 890, high: 5400, city: 'Freiburg' },
  { name: 'Tankstelle Höllental', mcc: '5541', low: 2500, high: 7900, city: 'Kirchzarten' },
  { name: 'Kino Schauinsland', mcc: '7832', low: 950, high: 3600, city: 'Freiburg' },
  { name: 'Blumen Fröhlich 🌷', mcc: '5992', low: 490, high: 3500, city: 'Freiburg' },
  { name: 'Spielzeug Kunterbunt', mcc: '5945', low: 700, high: 4900, city: 'Freiburg' },
];

/** @type {readonly Shop[]} prices in the foreign currency */
export const FOREIGN_SHOPS = [
  {
    name: 'Boulangerie du Rhône',
    mcc: '5462',
    low: 350,
    high: 2200,
    city: 'Basel',
    abroad: { currency: 'CHF', rate: '1.0642' },
  },
  {
    name: 'Knihkupectví Vltava',
    mcc: '5942',
    low: 19900,
    high: 129900,
    city: 'Praha',
    abroad: { currency: 'CZK', rate: '0.03987' },
  },
  {
    name: 'Blue Ridge Software',
    mcc: '5734',
    low: 499,
    high: 4900,
    city: 'Portland',
    abroad: { currency: 'USD', rate: '0.9217' },
  },
  {
    name: 'Herbaciarnia Pod Lipą',
    mcc: '5499',
    low: 1200,
    high: 9800,
    city: 'Kraków',
    abroad: { currency: 'PLN', rate: '0.2342' },
  },
];

/** @type {readonly Shop[]} */
export const POLISH_SHOPS = [
  { name: 'Sklep Spożywczy „Żabi Skok”', mcc: '5411', low: 850, high: 14500, city: 'Łódź' },
  { name: 'Piekarnia Złoty Kłos', mcc: '5462', low: 300, high: 3200, city: 'Łódź' },
  { name: 'Apteka Pod Wagą', mcc: '5912', low: 990, high: 8900, city: 'Łódź' },
  { name: 'Księgarnia Ćma', mcc: '5942', low: 2490, high: 11900, city: 'Łódź' },
  { name: 'MPK Łódź', mcc: '4111', low: 440, high: 2200, city: 'Łódź' },
];

/** @type {readonly Shop[]} */
export const BRITISH_SHOPS = [
  { name: 'Harbour Grocers', mcc: '5411', low: 310, high: 8200, city: 'Newcastle' },
  { name: 'The Copper Kettle', mcc: '5814', low: 240, high: 1450, city: 'Newcastle' },
  { name: 'Tyneside Metro', mcc: '4111', low: 180, high: 620, city: 'Newcastle' },
  { name: 'Grainger Books', mcc: '5942', low: 699, high: 3800, city: 'Newcastle' },
  { name: 'Quayside Kitchen', mcc: '5812', low: 1400, high: 7600, city: 'Newcastle' },
  { name: 'Northern Petrol', mcc: '5541', low: 2800, high: 8100, city: 'Gateshead' },
];

/** @type {readonly Shop[]} prices in the foreign currency */
export const TRAVEL_SHOPS = [
  {
    name: 'Ταβέρνα Ο Γιώργος',
    mcc: '5812',
    low: 1200,
    high: 6900,
    city: 'Χανιά',
    abroad: { currency: 'EUR', rate: '0.8571' },
  },
  {
    name: 'Hotel Miramare',
    mcc: '7011',
    low: 8900,
    high: 42000,
    city: 'Genova',
    abroad: { currency: 'EUR', rate: '0.8571' },
  },
  {
    name: '鳥居茶屋',
    mcc: '5814',
    low: 600,
    high: 4200,
    city: '京都',
    abroad: { currency: 'JPY', rate: '0.00523' },
  },
  {
    name: 'Desert Diner',
    mcc: '5812',
    low: 900,
    high: 5600,
    city: 'Tucson',
    abroad: { currency: 'USD', rate: '0.7894' },
  },
];

/** @type {readonly Shop[]} */
export const BAHRAINI_SHOPS = [
  { name: 'مكتبة اللؤلؤة', mcc: '5943', low: 1250, high: 48500, city: 'المنامة' },
  { name: 'مقهى الخليج', mcc: '5814', low: 900, high: 7400, city: 'المنامة' },
  { name: 'Manama Office Supplies', mcc: '5111', low: 3500, high: 92750, city: 'Manama' },
  { name: 'محطة وقود سترة', mcc: '5541', low: 4000, high: 11500, city: 'سترة' },
];

/** @type {readonly Shop[]} */
export const JAPANESE_SHOPS = [
  { name: '喫茶こもれび', mcc: '5814', low: 380, high: 1480, city: '東京' },
  { name: 'コンビニ ひまわり', mcc: '5499', low: 120, high: 2350, city: '東京' },
  { name: '地下鉄チャージ', mcc: '4111', low: 1000, high: 5000, city: '東京' },
  { name: '書店 月あかり', mcc: '5942', low: 550, high: 4400, city: '東京' },
  { name: 'らーめん 龍', mcc: '5812', low: 780, high: 1680, city: '大阪' },
];
