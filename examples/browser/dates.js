// Writes dates. A bank's date is a day in its calendar, so no time zone may move it.
import { language } from './language.js';

const style = (options) => new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
const long = style({ dateStyle: 'long' });
const short = style({ day: 'numeric', month: 'short' });
const month = style({ month: 'long', year: 'numeric' });
const shortMonth = style({ month: 'short', year: '2-digit' });

const digits = style({ day: '2-digit', month: '2-digit', year: 'numeric' });
const parts = digits.formatToParts(0);

const typedOrder = parts.map(({ type }) => type).filter((type) => type !== 'literal');

/** How a date is typed, such as `dd/mm/yyyy`. */
export const DATE_PATTERN = parts
  .map(({ type, value }) => ({ day: 'dd', month: 'mm', year: 'yyyy' })[type] ?? value)
  .join('');

/** A `YYYY-MM-DD` as it is typed, such as `14/01/2026`. */
export const formatDigits = (date) => written(digits, date);

/** Returns the `YYYY-MM-DD` of a date as it is typed, or as it is on the wire; undefined if it is no day. */
export function readDate(text) {
  const numbers = text.trim().split(/\D+/);
  if (numbers.length !== 3) return undefined;
  const order = numbers[0].length === 4 ? ['year', 'month', 'day'] : typedOrder;
  const { day, month, year } = Object.fromEntries(order.map((type, index) => [type, numbers[index]]));
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(date);
  // 31 February would become 3 March.
  const exists = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(time);
  return exists && new Date(time).toISOString().startsWith(date) ? date : undefined;
}

/** A `YYYY-MM-DD` such as `14 January 2026`. */
export const formatDay = (date) => written(long, date);

/** Such as `14 Jan`. */
export const formatShortDay = (date) => written(short, date);

/** A `YYYY-MM` such as `January 2026`. */
export const formatMonth = (date) => written(month, date);

/** Such as `Jan 26`. */
export const formatShortMonth = (date) => written(shortMonth, date);

function written(format, date) {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : format.format(time);
}
