// Writes dates. A bank's date is a day in its calendar, so no time zone may move it.
import { language } from './language.js';

const style = (options) => new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
const long = style({ dateStyle: 'long' });
const short = style({ day: 'numeric', month: 'short' });
const month = style({ month: 'long', year: 'numeric' });
const shortMonth = style({ month: 'short', year: '2-digit' });

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
