// Days as `YYYY-MM-DD` strings, which sort as they follow.

const DAY = 86_400_000;

/** @type {Map<number, string>} the days that were named, since two years are walked again and again */
const NAMES = new Map();

/** @param {number} time the beginning of the day */
function nameOf(time) {
  const name = NAMES.get(time) ?? new Date(time).toISOString().slice(0, 10);
  NAMES.set(time, name);
  return name;
}

/** @param {string} date @param {number} days */
export function addDays(date, days) {
  return nameOf(Date.parse(date) + days * DAY);
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
  const last = Date.parse(to);
  for (let time = Date.parse(from); time <= last; time += DAY) yield nameOf(time);
}
