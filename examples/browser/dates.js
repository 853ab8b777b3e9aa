// Writes dates. A bank's date is a day in its calendar, so no time zone may move it.
import { language } from './language.js';

const long = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });

/** A `YYYY-MM-DD` such as `14 January 2026`. */
export function formatDay(date) {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? date : long.format(time);
}
