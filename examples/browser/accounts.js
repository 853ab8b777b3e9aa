// The list of accounts: each with its bank, its number and its balance; one of them is chosen.
import { Money, pickBalance } from '@oakford/aisp';
import { element, nameText } from './element.js';
import { language } from './language.js';

/** Reads the accounts into `place`; `choose` is told which one the customer wants to see, at first the first. */
export async function showAccounts(place, session, choose) {
  place.replaceChildren(element('p', { class: 'loading', role: 'status' }, 'Loading your accounts…'));
  const accounts = await session.accounts({ withBalances: true }).all({ limit: 500 });
  if (accounts.length === 0) {
    place.replaceChildren(element('p', { class: 'empty' }, 'No account is shared.'));
    return;
  }
  const buttons = accounts.map((account) => card(account));
  const select = (index, byHand) => {
    for (const [at, button] of buttons.entries()) button.setAttribute('aria-current', String(at === index));
    choose(accounts[index], byHand);
  };
  for (const [index, button] of buttons.entries()) button.onclick = () => select(index, true);
  place.replaceChildren(
    element('ul', { class: 'cards', role: 'list' }, ...buttons.map((button) => element('li', {}, button))),
  );
  select(0, false);
}

function card(account) {
  const balance = pickBalance(account.balances, 'booked');
  return element(
    'button',
    { type: 'button', class: 'card' },
    element('span', { class: 'bank' }, account.provider?.displayName ?? ''),
    element('span', { class: 'name' }, nameText(nameOf(account))),
    element('span', { class: 'number' }, numberOf(account)),
    balance ? element('span', { class: 'amount' }, Money.format(balance.balanceAmount, language)) : null,
  );
}

/** What the customer calls the account. */
export function nameOf({ displayName, name, product, accountId }) {
  return displayName ?? name ?? product ?? accountId;
}

/** The end of the account's number: enough to recognise it by. */
export function numberOf({ iban, bban, accountNumber, maskedPan, other }) {
  const number = iban ?? bban ?? accountNumber ?? maskedPan ?? other?.identification;
  return number ? `•••• ${number.slice(-4)}` : '';
}
