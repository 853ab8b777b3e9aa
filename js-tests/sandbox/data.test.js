// The seeded data: the same each time, and such as real banks have.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isValidIBAN } from 'ibantools';
import { startSandbox } from '../support/sandbox.mjs';
import { allTransactions, connect, get, sandboxFor } from './plain-client.js';

const NOW = '2026-01-15T12:00:00Z';
const EXPONENTS = { EUR: 2, GBP: 2, PLN: 2, JPY: 0, BHD: 3, CHF: 2, USD: 2, CZK: 2 };

/** Whole minor units of an amount, exactly. */
function minor({ amount, currency }) {
  const [, sign, whole, fraction = ''] = amount.match(/^(-?)(\d+)(?:\.(\d+))?$/);
  assert.equal(fraction.length, EXPONENTS[currency], `${amount} ${currency}`);
  return BigInt(sign + whole + fraction);
}

/** Everything a sandbox has to tell: accounts and all their transactions. */
async function everything(sandbox) {
  const found = { accounts: [], transactions: {}, balances: {} };
  for (const { username } of sandbox.users) {
    const { access_token } = await connect(sandbox, { customer: { user: username } });
    const { body } = await get(sandbox, '/accounts?with_balances=true', access_token);
    for (const { consent_expires_at, last_updated_at, ...account } of body.accounts) {
      found.accounts.push(account);
      found.transactions[account.account_id] = await allTransactions(
        sandbox,
        account.account_id,
        access_token,
      );
    }
  }
  return found;
}

describe('data', () => {
  let data;
  let rows;
  before(async () => {
    const sandbox = await startSandbox({ rateLimit: false, now: NOW });
    data = await everything(sandbox);
    rows = Object.values(data.transactions).flat();
    await sandbox.close();
  });

  it('is the same in two sandboxes on the same day', async (t) => {
    const other = await sandboxFor(t, { rateLimit: false, now: '2026-01-15T20:00:00Z' });
    assert.deepEqual(await everything(other), data);
  });

  it('is another with another seed', async (t) => {
    const other = await sandboxFor(t, { rateLimit: false, now: NOW, seed: 'other' });
    const { transactions } = await everything(other);
    assert.notDeepEqual(transactions.acc_james_card, data.transactions.acc_james_card);
  });

  it('has eight accounts of several types and currencies', () => {
    assert.equal(data.accounts.length, 8);
    assert.ok(new Set(data.accounts.map(({ account_type }) => account_type)).size >= 5);
    assert.deepEqual([...new Set(data.accounts.map(({ currency }) => currency))].toSorted(), [
      'BHD',
      'EUR',
      'GBP',
      'JPY',
      'PLN',
    ]);
    assert.ok(new Set(data.accounts.map(({ provider }) => provider.provider_id)).size >= 5);
  });

  it('has two years of transactions up to today, ten thousand on one account', () => {
    const busy = data.transactions.acc_anna_current;
    assert.ok(Math.abs(busy.length - 10_500) < 1000, `${busy.length}`);
    assert.equal(busy.at(-1).transaction_date, '2024-01-15');
    assert.equal(busy[0].transaction_date, '2026-01-15');
    for (const [id, list] of Object.entries(data.transactions))
      assert.ok(list.length >= 30, `${id}: ${list.length}`);
  });

  it('writes amounts with the decimals of their currency, and the sign that the indicator says', () => {
    for (const row of rows) {
      const amount = minor(row.transaction_amount);
      assert.notEqual(amount, 0n);
      assert.equal(row.credit_debit_indicator, amount < 0n ? 'debit' : 'credit');
      if (row.instructed_amount) minor(row.instructed_amount);
    }
  });

  it('keeps balances that agree with the transactions', () => {
    for (const { account_id, balances } of data.accounts) {
      const of = (type) => balances.find(({ balance_type }) => balance_type === type);
      const list = data.transactions[account_id];
      const sum = (chosen) => chosen.reduce((total, row) => total + minor(row.transaction_amount), 0n);
      const today = list.filter(
        ({ status, booking_date }) => status === 'booked' && booking_date === '2026-01-15',
      );
      const pending = list.filter(({ status }) => status === 'pending');
      const booked = minor(of('interim_booked').balance_amount);
      assert.equal(booked - minor(of('closing_booked').balance_amount), sum(today), account_id);
      if (of('expected'))
        assert.equal(minor(of('expected').balance_amount) - booked, sum(pending), account_id);
    }
  });

  it('says running balances that follow from one another', () => {
    const list = data.transactions.acc_anna_current.filter(({ status }) => status === 'booked').toReversed();
    for (let i = 1; i < list.length; i += 1) {
      const [before, now] = [list[i - 1], list[i]].map((row) =>
        minor(row.balance_after_transaction.balance_amount),
      );
      assert.equal(now - before, minor(list[i].transaction_amount));
    }
  });

  it('has valid IBANs everywhere', () => {
    const ibans = [
      ...data.accounts,
      ...rows.flatMap((row) => [row.creditor_account, row.debtor_account]),
    ].flatMap((reference) => reference?.iban ?? []);
    assert.ok(ibans.length > 500);
    for (const iban of new Set(ibans)) assert.ok(isValidIBAN(iban), iban);
  });

  it('has what real data has: pending rows, missing ids, exchanges, references, cards, many scripts', () => {
    const some = (what, test) => assert.ok(rows.some(test), what);
    some('pending', ({ status }) => status === 'pending');
    some('rejected', ({ status }) => status === 'rejected');
    some(
      'pending without any id',
      (row) => row.status === 'pending' && !row.pending_transaction_id && !row.transaction_id,
    );
    some(
      'booked without transaction_id',
      (row) => row.status === 'booked' && !row.transaction_id && row.entry_reference,
    );
    some('an exchange', ({ currency_exchange }) => currency_exchange?.[0]?.exchange_rate);
    some('a charge', ({ charge_amount }) => charge_amount);
    some('a structured reference', ({ remittance_information_structured: list }) => list?.[0]?.reference);
    some('a masked card', ({ card }) => card?.masked_pan.includes('*'));
    some('an explicit null', ({ mandate_id }) => mandate_id === null);
    some('a mandate', ({ mandate_id }) => mandate_id);
    some('a cheque', ({ check_id }) => check_id);
    const names = rows.map(({ creditor_name, debtor_name }) => creditor_name ?? debtor_name).join(' ');
    for (const script of ['Greek', 'Arabic', 'Han', 'Hiragana', 'Katakana', 'Extended_Pictographic']) {
      const property = script === 'Extended_Pictographic' ? script : `Script=${script}`;
      assert.match(names, new RegExp(`\\p{${property}}`, 'u'));
    }
    assert.match(names, /[łńżź]/);
  });

  it('has two rows that nothing tells apart', () => {
    const coffees = data.transactions.acc_anna_current
      .filter((row) => row.status === 'booked' && !row.transaction_id && !row.entry_reference)
      .map(({ balance_after_transaction, ...row }) => JSON.stringify(row));
    assert.ok(coffees.length >= 40);
    assert.ok(new Set(coffees).size <= coffees.length / 2);
  });
});
