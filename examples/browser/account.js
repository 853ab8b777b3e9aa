// The chosen account: who keeps it, its balances and its transactions.
import { nameOf, numberOf } from './accounts.js';
import { showBalances } from './balances.js';
import { element, nameText } from './element.js';
import { showTransactions } from './transactions.js';

let shown = new AbortController();

/** Shows an account in `place`; what is still loading for another one is given up. */
export function showAccount(place, session, account, tell) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const balances = element('div', {}, element('p', { class: 'loading' }, 'Loading balances…'));
  const transactions = element('div', {});
  place.replaceChildren(
    element('h2', {}, nameText(nameOf(account))),
    element('p', { class: 'about' }, about(account)),
    balances,
    transactions,
  );
  const loadBalances = () =>
    showBalances(balances, session, account.accountId, signal).catch((error) => {
      if (!signal.aborted) tell(balances, error, loadBalances);
    });
  loadBalances();
  showTransactions(transactions, session, account.accountId, signal, tell);
}

/** Ends what is still loading, and empties `place`. */
export function leaveAccount(place) {
  shown.abort();
  place.replaceChildren();
}

const KINDS = {
  current: 'Current account',
  savings: 'Savings account',
  card: 'Card',
  loan: 'Loan',
  mortgage: 'Mortgage',
  e_money: 'E-money',
  cash: 'Cash account',
  investment: 'Investment account',
};

function about(account) {
  const kind = KINDS[account.accountType] ?? 'Account';
  return [account.provider?.displayName, kind, numberOf(account), account.ownerName]
    .filter(Boolean)
    .join(' · ');
}
