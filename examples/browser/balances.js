// The balances of an account. Banks tell several: what is booked, what can be spent, what is expected.
import { Money } from '@oakford/aisp';
import { element } from './element.js';
import { language } from './language.js';

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

/** Shows balances in `place`. */
export function showBalances(place, balances) {
  place.replaceChildren(element('dl', { class: 'balances' }, ...balances.map(tile)));
}

function tile({ balanceType, balanceAmount, creditLimitIncluded }) {
  return element(
    'div',
    {},
    element('dt', {}, NAMES[balanceType] ?? 'Balance'),
    element('dd', { class: 'amount' }, Money.format(balanceAmount, language)),
    creditLimitIncluded ? element('dd', { class: 'note' }, 'with credit limit') : null,
  );
}
