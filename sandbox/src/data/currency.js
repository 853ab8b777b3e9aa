// Minor units of the sandbox's currencies, and decimal strings from whole minor units: no floating point anywhere.

/** @type {Readonly<Record<string, number>>} digits after the point, ISO 4217 */
const EXPONENTS = { BHD: 3, CHF: 2, CZK: 2, EUR: 2, GBP: 2, JPY: 0, PLN: 2, USD: 2 };

/**
 * @param {number} minor a whole number of minor units
 * @param {string} currency
 * @returns {string} `-42.10`
 */
export function decimal(minor, currency) {
  const exponent = EXPONENTS[currency] ?? 2;
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return minor < 0 ? `-${text}` : text;
}

/**
 * @param {string} text a decimal amount such as `-42.10`
 * @param {string} currency
 * @returns {number} in minor units
 */
export function minorUnits(text, currency) {
  const exponent = EXPONENTS[currency] ?? 2;
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction.length > exponent) throw new RangeError(`${currency} has ${exponent} decimals`);
  return Number(whole + fraction.padEnd(exponent, '0'));
}

/** @param {number} minor @param {string} currency */
export function amount(minor, currency) {
  return { amount: decimal(minor, currency), currency };
}

/**
 * @param {number} minor
 * @param {string} from
 * @param {string} to
 * @param {string} rate decimal, price of one `from` in `to`
 * @returns {number} rounded half up to whole minor units
 */
export function convert(minor, from, to, rate) {
  const [whole = '0', fraction = ''] = rate.split('.');
  const scale = 10n ** BigInt(fraction.length + (EXPONENTS[from] ?? 2));
  const scaled = BigInt(minor) * BigInt(whole + fraction) * 10n ** BigInt(EXPONENTS[to] ?? 2);
  const half = scaled < 0n ? -scale / 2n : scale / 2n;
  return Number((scaled + half) / scale);
}

/** @param {number} minor @param {string} currency @returns {string} as a person reads it: `€8,412.37` */
export function shown(minor, currency) {
  const digits = EXPONENTS[currency] ?? 2;
  const style = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // Formatted from text, which keeps every digit; the language's types don't know that yet.
  return style.format(/** @type {any} */ (decimal(minor, currency)));
}
