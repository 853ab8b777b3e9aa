// An account's transactions: they come page by page, newest first; reading can be stopped and gone on with.
import { toCsv } from './csv.js';
import { formatDay } from './dates.js';
import { element } from './element.js';
import { filterForm } from './filter-form.js';
import { language } from './language.js';
import { clearProblem } from './problem.js';
import { dayOf } from './transaction.js';
import { fillRow, makeRow } from './transaction-row.js';
import { VirtualList } from './virtual-list.js';
import { clearWaits } from './waits.js';

const ROWS_ON_A_PAGE = 500;
const count = new Intl.NumberFormat(language);

/** Shows the transactions of an account in `place`; `onPage` gets each page, `tell` shows an error with a way to try again. */
export function showTransactions(place, { session, accountId, signal, onPage, tell }) {
  const rows = [];
  let shown = rows;
  let passes = () => true;
  let checkpoint;
  let state;
  let stop;

  const status = element('p', { role: 'status', class: 'status' });
  const progress = element('progress', { 'aria-label': 'Reading transactions' });
  const stopButton = button('Stop', () => stop.abort());
  const goOnButton = button('Go on', read);
  const exportButton = button('Export as CSV', () => save(`${accountId}.csv`, toCsv(shown)));
  const trouble = element('div', { class: 'trouble' });
  const list = new VirtualList({ label: 'Transactions', make: makeRow, fill: fillRow });
  const form = filterForm((filter) => {
    passes = filter;
    shown = rows.filter(passes);
    list.show(shown);
    list.toTop();
    say();
  });
  place.replaceChildren(
    element('div', { class: 'bar' }, element('h3', {}, 'Transactions'), stopButton, goOnButton, exportButton),
    form,
    element('div', { class: 'reading' }, status, progress),
    trouble,
    list.element,
  );

  async function read() {
    stop = new AbortController();
    clearProblem(trouble);
    say('reading');
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      const query = { limit: ROWS_ON_A_PAGE, checkpoint, signal: either };
      for await (const page of session.transactions(accountId, query).pages()) {
        // From here reading goes on, should it break off.
        checkpoint = page.checkpoint;
        rows.push(...page.items);
        shown = rows.filter(passes);
        list.show(shown);
        onPage(page.items);
        say('reading');
      }
      say('complete');
    } catch (error) {
      if (either.aborted) clearWaits();
      if (signal.aborted) return;
      say('stopped');
      if (!stop.signal.aborted) tell(trouble, error, read);
    }
  }

  function say(next = state) {
    state = next;
    const reading = state === 'reading';
    // A busy region is read out once it has come to rest.
    status.ariaBusy = String(reading);
    status.textContent = sentence({ state, rows, shown });
    progress.hidden = !reading;
    exportButton.disabled = shown.length === 0;
    swap(stopButton, goOnButton, state);
  }

  read();
}

function sentence({ state, rows, shown }) {
  const all = `${count.format(rows.length)} ${rows.length === 1 ? 'transaction' : 'transactions'}`;
  if (shown.length < rows.length) return `${count.format(shown.length)} of ${all}`;
  if (rows.length === 0)
    return { reading: 'Reading transactions…', complete: 'There are no transactions yet.' }[state] ?? '';
  if (state === 'complete') return rows.length === 1 ? 'One transaction in all' : `All ${all}`;
  const oldest = dayOf(rows.at(-1));
  return `${all}${oldest ? `, back to ${formatDay(oldest)}` : ''}`;
}

/** “Stop” and “Go on” stand in the same place, and the focus stays there. */
function swap(stopButton, goOnButton, state) {
  const focused = [stopButton, goOnButton].includes(document.activeElement);
  stopButton.hidden = state === 'stopped';
  stopButton.disabled = state === 'complete';
  goOnButton.hidden = state !== 'stopped';
  if (focused) (goOnButton.hidden ? stopButton : goOnButton).focus();
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  element('a', { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

function button(label, onclick) {
  return element('button', { type: 'button', class: 'quiet', onclick }, label);
}
