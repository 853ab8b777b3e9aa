// The list of connections, each with its accounts; what is on them in all stands above.
import { Money, pickBalance } from '@oakford/aisp';
import { accountCard } from './account-card.js';
import { formatDay } from './dates.js';
import { element, nameText } from './element.js';
import { language } from './language.js';

/**
 * Reads the accounts of all sessions into `place`. `choose` is told `(session, account)`, `reconnect` and `disconnect` a session, and
 * `tell` shows an error. The first account of the session with the key `first` is chosen.
 */
export async function showConnections(place, sessions, { first, choose, reconnect, disconnect, tell }) {
  place.replaceChildren(element('p', { class: 'loading', role: 'status' }, 'Reading your accounts…'));
  const connections = await Promise.all(sessions.map(read));
  const cards = new Map();
  const select = (session, account, byHand) => {
    for (const [card, its] of cards) card.ariaCurrent = String(its === account);
    choose(session, account, byHand);
  };
  place.replaceChildren(
    totals(connections.flatMap(({ accounts }) => accounts)),
    ...connections.map((connection) => section(connection)),
  );
  const whole = connections.filter(({ accounts }) => accounts.length > 0);
  const start = whole.find(({ session }) => session.key === first) ?? whole[0];
  if (start) select(start.session, start.accounts[0], false);

  function section({ session, accounts, error }) {
    const trouble = element('div', {});
    if (error) tell(trouble, error, session);
    const own = accounts.map((account) => {
      const card = accountCard(account);
      card.onclick = () => select(session, account, true);
      cards.set(card, account);
      return card;
    });
    return element(
      'section',
      { class: 'connection' },
      element('h2', {}, nameText(accounts[0]?.ownerName ?? 'Connection')),
      element('p', { class: 'note' }, accessOf(session)),
      trouble,
      element('ul', { class: 'cards', role: 'list' }, ...own.map((card) => element('li', {}, card))),
      accounts.length === 0 && !error ? element('p', { class: 'empty' }, 'No account is shared.') : null,
      element(
        'p',
        { class: 'buttons' },
        button('Renew access', () => reconnect(session)),
        button('Disconnect', ({ target }) => disconnect(session, target)),
      ),
    );
  }
}

/** The accounts of a connection. One that fails does not keep the others from being shown. */
async function read(session) {
  try {
    return { session, accounts: await session.accounts({ withBalances: true }).all({ limit: 500 }) };
  } catch (error) {
    return { session, accounts: [], error };
  }
}

function accessOf({ consent }) {
  return consent ? `Access until ${formatDay(consent.expiresAt.slice(0, 10))}` : '';
}

/** The sum of each currency, exact. */
function totals(accounts) {
  const amounts = accounts
    .map(({ balances }) => pickBalance(balances, 'booked')?.balanceAmount)
    .filter(Boolean);
  const byCurrency = Map.groupBy(amounts, ({ currency }) => currency);
  return element(
    'div',
    { class: 'totals' },
    element(
      'p',
      { class: 'note' },
      `In all, on ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`,
    ),
    ...[...byCurrency.values()].map((list) =>
      element('p', { class: 'amount' }, Money.format(Money.sum(list), language)),
    ),
  );
}

function button(label, onclick) {
  return element('button', { type: 'button', class: 'link', onclick }, label);
}
