// Writes amounts of money exactly: the digits go to Intl as text, never through a floating-point number.
import { language } from './language.js';

/** An amount such as `€4,812.37`; `sign` also marks what came in with a plus. */
export function formatMoney({ amount, currency }, { sign = false } = {}) {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const format = formatterOf(currency, decimals, sign);
  return format ? format.format(amount) : `${amount} ${currency}`;
}

const formatters = new Map();

function formatterOf(currency, decimals, sign) {
  const key = `${currency} ${decimals} ${sign}`;
  if (!formatters.has(key)) formatters.set(key, makeFormatter(currency, decimals, sign));
  return formatters.get(key);
}

/** None for what is no currency code, such as a bank's own points. */
function makeFormatter(currency, decimals, sign) {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const style = { style: 'currency', currency, signDisplay: sign ? 'exceptZero' : 'auto' };
  const usual = new Intl.NumberFormat(language, style);
  // More decimals than the currency has by custom are shown too, not rounded away.
  if (decimals <= usual.resolvedOptions().maximumFractionDigits) return usual;
  return new Intl.NumberFormat(language, { ...style, minimumFractionDigits: decimals });
}
