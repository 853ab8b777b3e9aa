// Everything the banks of a sandbox know: who holds which account, what is on it, what happened.
import { instant } from '../clock.js';
import { ACCOUNTS } from './accounts.js';
import { BANKS, DEMO_BANK_ID } from './banks.js';
import { amount, minorUnits, shown } from './currency.js';
import { CUSTOMERS } from './customers.js';
import { addDays } from './dates.js';

import { historyStart, Ledger } from './ledger.js';

/** @typedef {import('./accounts.js').Account} Account */
/** @typedef {import('./banks.js').Bank} Bank */
/** @typedef {import('./customers.js').Customer} Customer */
/** @typedef {{ status: 'all' | 'booked' | 'pending', from: string | undefined, to: string | undefined, after: string | undefined, limit: number }} Selection */

export class BankData {
  /** @type {readonly Bank[]} those that are offered */
  banks = BANKS;
  /** @type {readonly Customer[]} those who can log in */
  customers = CUSTOMERS;
  /** @type {readonly Account[]} */
  accounts = ACCOUNTS;
  /** @type {Map<string, Ledger>} */
  #ledgers = new Map();
  #clock;
  #seed;
  #firstDay;

  /**
   * @param {import('../clock.js').Clock} clock
   * @param {string} seed
   */
  constructor(clock, seed) {
    this.#clock = clock;
    this.#seed = seed;
    this.#firstDay = clock.today();
  }

  /**
   * Makes the data as a scenario has them. An account that it gives a balance or an age has them today.
   * @param {import('../../types/testing.d.ts').Scenario} scenario
   * @param {string} firstDay the day on which the other accounts stand at their balance
   */
  use({ customers, banks, accounts = {} }, firstDay) {
    const today = this.#clock.today();
    this.accounts = ACCOUNTS.filter(({ id }) => !accounts[id]?.absent).map((account) =>
      changed(account, accounts[account.id] ?? {}, today),
    );
    this.customers = CUSTOMERS.filter(({ username }) => customers?.some((name) => name === username) ?? true);
    this.banks = BANKS.filter(({ id }) => (banks?.includes(id) ?? true) && this.customersOf(id).length > 0);
    this.#firstDay = firstDay;
    this.#ledgers.clear();
  }

  /** @param {string | undefined} id @returns {Bank} */
  bankOf(id) {
    return must(
      BANKS.find((bank) => bank.id === id),
      'bank',
      id,
    );
  }

  /** @param {string | undefined} username @returns {Customer} */
  customer(username) {
    return must(
      CUSTOMERS.find((customer) => customer.username === username),
      'customer',
      username,
    );
  }

  /** @param {string} id */
  account(id) {
    return this.accounts.find((account) => account.id === id);
  }

  /** @param {Customer} customer @param {string} bankId */
  accountsOf({ username }, bankId) {
    return this.accounts.filter(
      ({ owner, bankId: at }) => owner === username && (bankId === DEMO_BANK_ID || at === bankId),
    );
  }

  /** Those who hold an account at a bank. @param {string} bankId */
  customersOf(bankId) {
    return this.customers.filter((customer) => this.accountsOf(customer, bankId).length > 0);
  }

  /** An account as its owner recognises it. @param {Account} account */
  choice(account) {
    const { iban, masked_pan, account_number } = account.numbers;
    const number =
      masked_pan ??
      (iban ? `${iban.slice(0, 4)}\u00a0…\u00a0${iban.slice(-4)}` : `…\u00a0${account_number?.slice(-4)}`);
    return {
      account_id: account.id,
      label: account.name,
      detail: `${this.bankOf(account.bankId).name}, ${account.currency}, ${number}`,
      balance: shown(this.#ledger(account).asOf(this.#clock.today()).booked, account.currency),
    };
  }

  /** @param {Account} account @returns {Record<string, unknown>} the wire form, but for what depends on the consent */
  describe(account) {
    const { id: provider_id, name: display_name, bic, country } = this.bankOf(account.bankId);
    const { masked_pan } = account.numbers;
    return {
      account_id: account.id,
      ...account.numbers,
      ...(masked_pan ? {} : { bic }),
      currency: account.currency,
      account_type: account.type,
      cash_account_type: account.cashType,
      usage: account.usage,
      status: 'enabled',
      name: account.name,
      display_name: `${account.name} (${account.currency})`,
      product: account.product,
      owner_name: this.customer(account.owner).name,
      ...(account.details ? { details: account.details } : {}),
      ...(account.linked ? { linked_accounts: account.linked } : {}),
      provider: { provider_id, display_name, bic, country },
      opened_date: account.opened,
      last_updated_at: instant(this.#clock.now()),
    };
  }

  /** @param {Account} account */
  balances(account) {
    const today = this.#clock.today();
    const { booked, bookedYesterday, pending, lastBooked } = this.#ledger(account).asOf(today);
    const { currency, creditLimit } = account;
    const { transaction_id, entry_reference } = lastBooked?.wire() ?? {};
    const last = transaction_id ?? entry_reference;
    const base = [
      {
        balance_type: 'closing_booked',
        balance_amount: amount(bookedYesterday, currency),
        reference_date: addDays(today, -1),
      },
      {
        balance_type: 'interim_booked',
        balance_amount: amount(booked, currency),
        reference_date: today,
        last_change_date_time: `${today}T00:00:00Z`,
        ...(typeof last === 'string' ? { last_committed_transaction: last } : {}),
      },
    ];
    if (account.type === 'mortgage') return base;
    return [
      ...base,
      {
        balance_type: 'interim_available',
        balance_amount: amount(booked + pending + (creditLimit ?? 0), currency),
        credit_limit_included: creditLimit !== undefined,
        ...(creditLimit === undefined ? {} : { credit_lines: [this.#creditLine(account, creditLimit)] }),
        reference_date: today,
      },
      { balance_type: 'expected', balance_amount: amount(booked + pending, currency), reference_date: today },
    ];
  }

  /** @param {Account} account @param {number} limit */
  #creditLine({ type, currency }, limit) {
    return {
      credit_limit_included: true,
      credit_line_type: type === 'card' ? 'credit' : 'pre_agreed',
      credit_line_amount: amount(limit, currency),
    };
  }

  /**
   * @param {Account} account
   * @param {Selection} selection
   */
  transactions(account, { status, from, to, after, limit }) {
    const { rows } = this.#ledger(account).asOf(this.#clock.today());
    const selected = rows.filter(
      (row) =>
        (status === 'all' || row.pending === (status === 'pending')) &&
        (from === undefined || row.date >= from) &&
        (to === undefined || row.date <= to) &&
        (after === undefined || row.key < after),
    );
    return { rows: selected.slice(0, limit), more: selected.length > limit };
  }

  /** @param {Account} account */
  #ledger(account) {
    const known = this.#ledgers.get(account.id);
    if (known) return known;
    const bank = this.bankOf(account.bankId);
    const ledger = new Ledger(account, bank, this.#seed, account.firstDay ?? this.#firstDay);
    this.#ledgers.set(account.id, ledger);
    return ledger;
  }
}

/**
 * @param {Account} account
 * @param {import('../../types/testing.d.ts').AccountChange} change
 * @param {string} today
 * @returns {Account}
 */
function changed(account, { owner, balance, creditLimit, historyDays }, today) {
  const copy = { ...account };
  if (owner !== undefined) copy.owner = owner;
  if (balance !== undefined) {
    Object.assign(copy, { balance: minorUnits(balance, account.currency), firstDay: today, settled: true });
  }
  if (creditLimit === null) delete copy.creditLimit;
  else if (creditLimit !== undefined) copy.creditLimit = minorUnits(creditLimit, account.currency);
  if (historyDays === undefined) return copy;
  return { ...copy, historyDays, firstDay: today, opened: historyStart({ ...copy, historyDays }, today) };
}

/** @template T @param {T | undefined} found @param {string} what @param {string | undefined} id @returns {T} */
function must(found, what, id) {
  if (found === undefined) throw new RangeError(`no ${what} ${id}`);
  return found;
}
