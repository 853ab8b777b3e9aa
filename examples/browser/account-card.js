// An account in the list: its bank, the end of its number, its balance.
import { Money, pickBalance } from '@oakford/aisp';
import { element, nameText } from './element.js';
import { language } from './language.js';

/** A button that stands for an account. */
export function accountCard(account) {
  const balance = pickBalance(account.balances, 'booked');
  return element(
    'button',
    { type: 'button', class: 'card' },
    element('span', { class: 'name' }, nameText(nameOf(account))),
    element('span', { class: 'bank' }, account.provider?.displayName ?? ''),
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
