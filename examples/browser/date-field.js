// A field for a date in the page's language. The browser's own is in the browser's language, so that only its calendar is used.
import { DATE_PATTERN, formatDigits, readDate } from './dates.js';
import { element } from './element.js';

/** Returns a field whose input has the `name`; `calendarLabel` names the button that opens the calendar. `dateOf` reads the date. */
export function dateField(name, label, calendarLabel) {
  const input = element('input', { name, type: 'text', placeholder: DATE_PATTERN, autocomplete: 'off' });
  const calendar = element('input', { type: 'date', tabIndex: -1, 'aria-hidden': 'true' });
  const button = element('button', {
    type: 'button',
    class: 'calendar',
    ariaLabel: calendarLabel,
    onclick: () => calendar.showPicker(),
  });
  input.addEventListener('input', () => {
    const date = dateOf(input.value);
    calendar.value = date ?? '';
    input.setCustomValidity(date === undefined ? `A date as ${DATE_PATTERN}` : '');
  });
  input.addEventListener('change', () => {
    if (calendar.value) input.value = formatDigits(calendar.value);
  });
  calendar.addEventListener('input', (event) => {
    // The form hears of the field alone.
    event.stopPropagation();
    input.value = calendar.value && formatDigits(calendar.value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const field = element('label', { class: name }, element('span', {}, label), input);
  return element('div', { class: 'date' }, field, button, calendar);
}

/** The `YYYY-MM-DD` of what is typed; empty where nothing is, undefined where it is no date. */
export const dateOf = (text) => (text.trim() === '' ? '' : readDate(text));
