// An account's transactions: they come page by page, newest first, and can be stopped and gone on with.
import { element } from './element.js';
import { language } from './language.js';
import { TransactionList } from './transaction-list.js';

const ROWS_ON_A_PAGE = 250;
const count = new Intl.NumberFormat(language);

/** Shows the transactions of an account in `place`; `tell` shows an error, with a way to try again. */
export function showTransactions(place, session, accountId, signal, tell) {
  const list = new TransactionList();
  const status = element('p', { role: 'status', class: 'status' });
  const more = button('Load more', () => load(() => false));
  const all = button('Load all', () => load(() => !stopped));
  const stop = button('Stop', () => {
    stopped = true;
  });
  const trouble = element('div', {});
  const buttons = element('p', { class: 'buttons' }, more, all, stop);
  place.replaceChildren(element('h3', {}, 'Transactions'), status, list.element, trouble, buttons);

  const read = (from) => session.transactions(accountId, { limit: ROWS_ON_A_PAGE, from, signal }).pages();
  let pages = read();
  let checkpoint;
  let stopped = false;

  /** Reads a page, and further ones while they are wanted. */
  async function load(wanted) {
    stopped = false;
    try {
      do {
        say({ loading: true });
        const { value: page } = await pages.next();
        checkpoint = page.checkpoint;
        list.add(page.items);
      } while (checkpoint !== undefined && wanted());
      say({ loading: false, more: checkpoint !== undefined });
    } catch (error) {
      if (signal.aborted) return;
      // Reading goes on from the page that failed; what is shown stays.
      pages = read(error.checkpoint ?? checkpoint);
      say({ loading: false, failed: true });
      tell(trouble, error, () => load(wanted));
    }
  }

  function say({ loading, more: hasMore = false, failed = false }) {
    list.element.setAttribute('aria-busy', String(loading));
    status.textContent = sentence(list.size, { loading, hasMore, failed });
    status.classList.toggle('loading', loading);
    show(more, !loading && hasMore);
    show(all, !loading && hasMore);
    show(stop, loading && list.size > 0);
  }

  load(() => false);
}

function sentence(size, { loading, hasMore, failed }) {
  if (size === 0) {
    if (loading) return 'Loading transactions…';
    return failed ? '' : 'There are no transactions on this account yet.';
  }
  if (loading) return `${count.format(size)} transactions, loading more…`;
  if (hasMore || failed) return `The latest ${count.format(size)} transactions`;
  return size === 1 ? 'One transaction in all' : `All ${count.format(size)} transactions`;
}

function button(label, onclick) {
  return element('button', { type: 'button', class: 'quiet', onclick, hidden: true }, label);
}

/** Shows or hides a button; the focus goes on to the one that takes its place. */
function show(button, visible) {
  const focused = button === document.activeElement;
  button.hidden = !visible;
  if (focused && !visible)
    queueMicrotask(() => button.parentElement.querySelector('button:not([hidden])')?.focus());
}
