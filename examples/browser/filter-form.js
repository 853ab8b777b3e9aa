// The form above the transactions: text, direction, status, dates, amounts.
import { element } from './element.js';
import { filterBy } from './filter.js';
import { capitalised } from './transaction-row.js';

const STATUSES = ['booked', 'pending', 'information', 'scheduled', 'rejected', 'cancelled'];
const DIRECTIONS = { '': 'In and out', in: 'Money in', out: 'Money out' };

/** The form; `changed` gets the test that transactions have to pass. */
export function filterForm(changed) {
  const amount = {
    inputMode: 'decimal',
    pattern: '\\d+([.,]\\d+)?',
    placeholder: 'any',
    autocomplete: 'off',
  };
  const form = element(
    'form',
    { class: 'filter', role: 'search', 'aria-label': 'Transactions' },
    field(
      'Search',
      element('input', { name: 'text', type: 'search', placeholder: 'Name, purpose or amount' }),
    ),
    field('Direction', select('direction', Object.entries(DIRECTIONS))),
    field(
      'Status',
      select('status', [['', 'Any'], ...STATUSES.map((status) => [status, capitalised(status)])]),
    ),
    field('From', element('input', { name: 'from', type: 'date' })),
    field('To', element('input', { name: 'to', type: 'date' })),
    field('At least', element('input', { name: 'least', ...amount })),
    field('At most', element('input', { name: 'most', ...amount })),
    element('button', { type: 'reset', class: 'quiet' }, 'Clear'),
  );
  const tell = () => {
    // While an amount is half typed, the last filter that could be read stays.
    if (form.checkValidity()) changed(filterBy(valuesOf(form)));
  };
  form.addEventListener('input', tell);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A form is emptied after its listeners were told.
  form.addEventListener('reset', () => setTimeout(tell));
  return form;
}

function valuesOf(form) {
  const values = Object.fromEntries(new FormData(form));
  for (const name of ['least', 'most']) values[name] = values[name].replace(',', '.');
  return values;
}

function field(label, control) {
  return element('label', { class: control.name }, element('span', {}, label), control);
}

function select(name, options) {
  return element('select', { name }, ...options.map(([value, text]) => element('option', { value }, text)));
}
