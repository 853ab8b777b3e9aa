// The form above the transactions: text, direction, status, dates, amounts.
import { dateField, dateOf } from './date-field.js';
import { element } from './element.js';
import { filterBy } from './filter.js';
import { capitalised } from './transaction-row.js';

const STATUSES = ['booked', 'pending', 'information', 'scheduled', 'rejected', 'cancelled'];
const DATES = ['from', 'to'];
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
    dateField('from', 'From', 'Choose the first day'),
    dateField('to', 'To', 'Choose the last day'),
    field('At least', element('input', { name: 'least', ...amount })),
    field('At most', element('input', { name: 'most', ...amount })),
    element('button', { type: 'reset', class: 'quiet' }, 'Clear'),
  );
  const tell = () => {
    // While an amount or a date is half typed, the last filter that could be read stays.
    if (form.checkValidity()) changed(filterBy(valuesOf(form)));
  };
  form.addEventListener('input', tell);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A form is emptied after its listeners were told.
  form.addEventListener('reset', () => {
    for (const name of DATES) form.elements[name].setCustomValidity('');
    setTimeout(tell);
  });
  return form;
}

function valuesOf(form) {
  const values = Object.fromEntries(new FormData(form));
  for (const name of ['least', 'most']) values[name] = values[name].replace(',', '.');
  for (const name of DATES) values[name] = dateOf(values[name]);
  return values;
}

function field(label, control) {
  return element('label', { class: control.name }, element('span', {}, label), control);
}

function select(name, options) {
  return element('select', { name }, ...options.map(([value, text]) => element('option', { value }, text)));
}
