/** Exact arithmetic with amounts of money: on their decimal digits, never through a double. */

import { configurationError } from './errors.js';

/** An exact amount of money, such as `{ amount: '-42.10', currency: 'EUR' }`. */
export interface Money {
  /** A signed decimal number: the digits that came over the wire. */
  amount: string;
  /** The currency's ISO 4217 code. */
  currency: string;
}

/** A decimal number as a whole number of units, of which 10^scale make one. */
interface Decimal {
  units: bigint;
  scale: number;
}

/** The currencies of ISO 4217 whose minor unit isn't a hundredth, by its digits; those without one count as 0. */
const MINOR_UNITS = [
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XBA XBB XBC XBD XDR XOF XPD XPF XPT XSU XTS XUA XXX',
  '',
  '',
  'BHD IQD JOD KWD LYD OMR TND',
  'CLF UYW',
];

/**
 * Exact arithmetic with amounts of money. Results keep the larger number of decimal places of what went in. Amounts of
 * different currencies are refused with a `ConfigurationError`, as is an amount that is no decimal number.
 */
export const Money = {
  /** `a + b`, exactly. */
  add(a: Money, b: Money): Money {
    return total([a, b], (index) => (index ? 'b' : 'a'), a?.currency);
  },

  /** The sum of a list. Of an empty one it is zero, in the currency that is named then. */
  sum(list: Iterable<Money>, currency?: string): Money {
    const items = [...list];
    return total(items, (index) => `list[${index}]`, currency ?? items[0]?.currency);
  },

  /** -1 where `a` is less than `b`, 1 where it is more, 0 where they are equal, however many zeros they end in. */
  compare(a: Money, b: Money): -1 | 0 | 1 {
    const x = parse(a, 'a');
    const y = parse(b, 'b', a.currency);
    const difference = unitsAt(x, y.scale) - unitsAt(y, x.scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  },

  /** `-a`, exactly. */
  negate(a: Money): Money {
    const { units, scale } = parse(a, 'a');
    return { amount: write(-units, scale), currency: a.currency };
  },

  /**
   * The amount as people write it in a locale (by default the platform's): `-1.234,50 €`. It shows every digit that the amount
   * has, and no fewer than the currency's minor unit asks for.
   */
  format(a: Money, locale?: Intl.LocalesArgument): string {
    const { units, scale } = parse(a, 'a');
    const { currency } = a;
    const [whole = '', fraction = ''] = write(units < 0n ? -units : units, scale).split('.');
    const places = Math.max(scale, minorUnits(currency));
    // Twenty places are what every engine takes. Whatever they are, the amount's own digits are put in their place.
    const { format, numerals } = styleOf(locale, currency, Math.min(places, 20));
    // A BigInt goes through exactly, but it has no negative zero.
    const parts = format.formatToParts(units >= 0n ? BigInt(whole) : -BigInt(whole) || -0);
    const digits = fraction.padEnd(places, '0').replace(/\d/g, (digit) => numerals?.[Number(digit)] ?? digit);
    return parts.map(({ type, value }) => (type === 'fraction' ? digits : value)).join('');
  },
};

/** The sum of amounts of one currency; `path` names one of them in an error. */
function total(
  items: readonly Money[],
  path: (index: number) => string,
  currency: string | undefined,
): Money {
  const of = checked(currency, items.length > 0 ? `${path(0)}.currency` : 'currency');
  let sum: Decimal = { units: 0n, scale: items.length > 0 ? 0 : minorUnits(of) };
  items.forEach((item, index) => {
    const next = parse(item, path(index), of);
    const scale = Math.max(sum.scale, next.scale);
    sum = { units: unitsAt(sum, scale) + unitsAt(next, scale), scale };
  });
  return { amount: write(sum.units, sum.scale), currency: of };
}

/** Reads an amount; `path` names it in an error. */
function parse(money: Money | undefined, path: string, expected = money?.currency): Decimal {
  const { amount, currency } = money ?? {};
  if (checked(currency, `${path}.currency`) !== expected) {
    throw configurationError(`${path}.currency`, `${expected} like the others`, String(currency));
  }
  // JavaScript may bring a number, which has lost digits already.
  const text = typeof amount === 'string' ? amount : '';
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw configurationError(
      `${path}.amount`,
      "a string with a decimal number, such as '-42.10'",
      kind(amount),
    );
  }
  const units = BigInt(whole + fraction);
  return { units: sign ? -units : units, scale: fraction.length };
}

/** The currency's code, where it is one. */
function checked(currency: string | undefined, path: string): string {
  if (currency !== undefined && /^[A-Z]{3}$/.test(currency)) return currency;
  throw configurationError(path, "the three letters of an ISO 4217 currency, such as 'EUR'", kind(currency));
}

function kind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return { string: 'another string', object: 'an object' }[typeof value as string] ?? `a ${typeof value}`;
}

/** The units of a number at a scale, or at its own where that is larger. */
function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return wanted > scale ? units * 10n ** BigInt(wanted - scale) : units;
}

function write(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${scale ? `.${digits.slice(point)}` : ''}`;
}

/** How many decimal places the currency's minor unit has; CLDR, which `Intl` goes by, has other figures for some. */
function minorUnits(currency: string): number {
  const digits = MINOR_UNITS.findIndex((currencies) => currencies.includes(currency));
  return digits < 0 ? 2 : digits;
}

/** How one locale writes one currency. */
interface Style {
  key: string;
  format: Intl.NumberFormat;
  /** The locale's ten digits; none where they are the usual ones. */
  numerals: string[] | undefined;
}

let latest: Style | undefined;

/** The style; whatever the platform can't make it from is the locale's fault, because the currency is checked. */
function styleOf(locale: Intl.LocalesArgument, currency: string, places: number): Style {
  try {
    // `Intl` takes numbers and the like for no locale.
    if (!['undefined', 'string', 'object'].includes(typeof locale)) throw locale;
    return latestStyle(locale, currency, places);
  } catch {
    throw configurationError('locale', "a language tag (BCP 47), such as 'de-AT'", kind(locale));
  }
}

/** The style that was asked for last is kept, since making one takes longer than all the rest. */
function latestStyle(locale: Intl.LocalesArgument, currency: string, places: number): Style {
  const key = `${locale}/${currency}/${places}`;
  if (latest?.key === key) return latest;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits });
  const { numberingSystem } = format.resolvedOptions();
  const digit = new Intl.NumberFormat(`en-u-nu-${numberingSystem}`);
  const numerals =
    numberingSystem === 'latn' ? undefined : Array.from('0123456789', (text) => digit.format(Number(text)));
  latest = { key, format, numerals };
  return latest;
}
