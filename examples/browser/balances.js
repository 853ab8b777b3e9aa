// The balances of an account. Banks tell several: what is booked, what can be spent, what is expected.
import { element } from './element.js';
import { formatMoney } from './money.js';

const NAMES = {
  interim_booked: 'Current',
  interim_available: 'Available',
  expected: 'Expected',
  closing_booked: 'At last close',
  closing_available: 'Available at last close',
  forward_available: 'Available later',
  opening_booked: 'At opening',
  opening_available: 'Available at opening',
  previously_closed_booked: 'At the close before',
  non_invoiced: 'Not yet invoiced',
  information: 'For information',
};

const PREFERRED = ['interim_booked', 'closing_booked', 'expected', 'interim_available', 'closing_available'];

/** The balance to show where there is room for one. */
export function mainBalance(balances) {
  const known = PREFERRED.map((type) => balances.find(({ balanceType }) => balanceType === type));
  return known.find((balance) => balance !== undefined) ?? balances[0];
}

/** Reads the balances of an account into `place`. */
export async function showBalances(place, session, accountId, signal) {
  const { items } = await session.balances(accountId, { signal });
  place.replaceChildren(element('dl', { class: 'balances' }, ...items.map(tile)));
}

function tile({ balanceType, balanceAmount, creditLimitIncluded }) {
  return element(
    'div',
    {},
    element('dt', {}, NAMES[balanceType] ?? 'Balance'),
    element('dd', { class: 'amount' }, formatMoney(balanceAmount)),
    creditLimitIncluded ? element('dd', { class: 'note' }, 'with credit limit') : null,
  );
}
