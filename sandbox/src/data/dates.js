// Days as `YYYY-MM-DD` strings, which sort as they follow.

const DAY = 86_400_000;

/** @param {string} date @param {number} days */
export function addDays(date, days) {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** @param {string} date @returns {number} 0 is Sunday */
export function weekday(date) {
  return new Date(date).getUTCDay();
}

/** @param {string} date */
export function dayOfMonth(date) {
  return Number(date.slice(8));
}

/** The day itself, or the Monday after it. @param {string} date */
export function businessDay(date) {
  const day = weekday(date);
  return day === 6 ? addDays(date, 2) : day === 0 ? addDays(date, 1) : date;
}

/** @param {string} from @param {string} to both included */
export function* eachDay(from, to) {
  for (let day = from; day <= to; day = addDays(day, 1)) yield day;
}
