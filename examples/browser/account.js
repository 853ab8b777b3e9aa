// The chosen account: who keeps it, its balances, its charts and its transactions.
import { pickBalance } from '@oakford/aisp';
import { nameOf, numberOf } from './account-card.js';
import { showBalances } from './balances.js';
import { balanceChart, spendingChart } from './charts.js';
import { element, nameText } from './element.js';
import { History } from './history.js';
import { monthTable } from './month-table.js';
import { showTransactions } from './transactions.js';

let shown = new AbortController();

/** Shows an account in `place`; what is still loading for another one is given up. */
export function showAccount(place, session, account, tell) {
  leaveAccount(place);
  const { signal } = shown;
  const readAgain = element('button', { type: 'button', class: 'quiet' }, 'Read again');
  const balances = element('div', {});
  const charts = element('div', { class: 'charts' });
  const transactions = element('div', { class: 'transactions panel' });
  place.replaceChildren(
    element(
      'div',
      { class: 'panel' },
      element('div', { class: 'bar' }, element('h2', {}, nameText(nameOf(account))), readAgain),
      element('p', { class: 'about' }, about(account)),
      balances,
    ),
    charts,
    transactions,
  );
  readAgain.onclick = () => {
    showAccount(place, session, account, tell);
    place.querySelector('button').focus();
  };
  showBalances(balances, account.balances);
  showTransactions(transactions, {
    session,
    accountId: account.accountId,
    signal,
    onPage: drawHistory(charts, account, signal),
    tell,
  });
}

/** Ends what is still loading, and empties `place`. */
export function leaveAccount(place) {
  shown.abort();
  shown = new AbortController();
  place.replaceChildren();
}

/** Draws the charts in `place`; what it returns takes each page of transactions. */
function drawHistory(place, { balances }, signal) {
  const booked = pickBalance(balances, 'booked');
  // Without a balance to begin with, none before it is known.
  if (!booked) return () => {};
  const history = new History(booked.balanceAmount);
  const balance = balanceChart(signal);
  const spending = spendingChart(signal);
  const table = monthTable();
  place.replaceChildren(balance.element, spending.element, table.element);
  return (transactions) => {
    history.add(transactions);
    balance.show(history.balances);
    spending.show(history.spending);
    table.show(history);
  };
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
