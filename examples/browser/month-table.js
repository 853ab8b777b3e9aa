// What the charts show, as a table: for those who can't see them, and for the exact figures.
import { Money } from '@oakford/aisp';
import { formatMonth } from './dates.js';
import { element } from './element.js';
import { language } from './language.js';

/** The table; `show` takes a `History`. */
export function monthTable() {
  const body = element('tbody', {});
  const heads = ['Month', 'Spent', 'Balance at its end'].map((text) => element('th', { scope: 'col' }, text));
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body);
  return {
    element: element('details', { class: 'months' }, element('summary', {}, 'The figures as a table'), table),
    show(history) {
      const ends = monthEnds(history.balances);
      body.replaceChildren(
        ...[...history.spending].map(([month, spent]) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, formatMonth(month)),
            element('td', { class: 'amount' }, Money.format(spent, language)),
            element('td', { class: 'amount' }, Money.format(ends.get(month), language)),
          ),
        ),
      );
    },
  };
}

/** Each month's last balance; days come newest first. */
function monthEnds(balances) {
  const ends = new Map();
  for (const [day, balance] of balances) {
    const month = day.slice(0, 7);
    if (!ends.has(month)) ends.set(month, balance);
  }
  return ends;
}
