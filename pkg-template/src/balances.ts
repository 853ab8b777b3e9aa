/** Picks the balance that answers a question from the several that a bank reports. */

import type { Balance } from './generated/models.js';

/** The kinds of balance that answer each question, the best first. */
const ORDER = {
  available: ['interim_available', 'closing_available', 'opening_available', 'forward_available', 'expected'],
  booked: ['interim_booked', 'closing_booked', 'opening_booked', 'previously_closed_booked'],
} as const;

/**
 * Returns the balance that can be spent (`available`) or that is booked (`booked`), `undefined` if the bank
 * reports none; one is never taken for the other. The first of these kinds that the bank reports is taken:
 *
 * - available: `interim_available`, `closing_available`, `opening_available`, `forward_available`, `expected`
 * - booked: `interim_booked`, `closing_booked`, `opening_booked`, `previously_closed_booked`
 *
 * Among several of one kind: the newest by `referenceDate`, then by `lastChangeDateTime`, then one that contains no
 * credit limit, then the first. `creditLimitIncluded` of the result says whether the amount contains a credit limit, also where the bank says so
 * in the balance's `creditLines` only; `undefined` where it does not say. The balances of an account in several currencies are
 * picked from one currency at a time: filter them before.
 *
 * @example
 * const { items } = await session.balances(accountId);
 * const available = pickBalance(items, 'available');
 * if (available) show(Money.format(available.balanceAmount), available.creditLimitIncluded ? 'credit included' : '');
 */
export function pickBalance(balances: readonly Balance[], kind: 'available' | 'booked'): Balance | undefined {
  for (const type of ORDER[kind]) {
    const found = balances.filter((balance) => balance.balanceType === type).map(withCreditLimit);
    if (found.length > 0) return found.reduce((best, other) => (isBetter(other, best) ? other : best));
  }
  return undefined;
}

/** The balance with what its credit lines say, where it does not say it itself. */
function withCreditLimit(balance: Balance): Balance {
  const said = (balance.creditLines ?? [])
    .map((line) => line.creditLimitIncluded)
    .filter((included) => included !== undefined);
  if (balance.creditLimitIncluded !== undefined || said.length === 0) return balance;
  return { ...balance, creditLimitIncluded: said.includes(true) };
}

function isBetter(a: Balance, b: Balance): boolean {
  const days = (a.referenceDate ?? '').localeCompare(b.referenceDate ?? '');
  const changes = instant(a.lastChangeDateTime) - instant(b.lastChangeDateTime);
  const credit = Number(b.creditLimitIncluded ?? false) - Number(a.creditLimitIncluded ?? false);
  return (days || changes || credit) > 0;
}

function instant(text: string | undefined): number {
  return text === undefined ? 0 : Date.parse(text);
}
