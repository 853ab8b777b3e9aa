/** Money and the choice of a balance by the table of cases that the Python package passes too. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Money, pickBalance } from '@oakford/aisp';

const read = (name) => JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8'));
const money = read('money');
const eur = (amount) => ({ amount, currency: 'EUR' });

test('shared cases: sums are exact', () => {
  for (const [a, b, sum] of money.add) assert.deepEqual(Money.add(eur(a), eur(b)), eur(sum));
  for (const [list, sum] of money.sum) assert.deepEqual(Money.sum(list.map(eur)), eur(sum));
  for (const [currency, amount] of Object.entries(money.sumOfNothing)) {
    assert.deepEqual(Money.sum([], currency), { amount, currency });
  }
});

test('shared cases: amounts are compared and negated as numbers', () => {
  for (const [a, b, order] of money.compare) {
    assert.equal(Money.compare(eur(a), eur(b)), order, `${a} ${b}`);
    assert.equal(Money.compare(eur(b), eur(a)), order && -order, `${b} ${a}`);
  }
  for (const [a, negative] of money.negate) assert.deepEqual(Money.negate(eur(a)), eur(negative));
});

test('shared cases: amounts are formatted as their locale writes them', () => {
  for (const [amount, currency, locale, text] of money.format) {
    // Which space, and which apostrophe, depends on the version of CLDR.
    const plain = Money.format({ amount, currency }, locale)
      .replace(/[\u00a0\u202f]/g, ' ')
      .replace('’', "'");
    assert.equal(plain, text, `${amount} ${currency} ${locale}`);
  }
});

test('shared cases: the balance is picked by kind, time and credit limit', () => {
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const named = (value) => {
    if (Array.isArray(value)) return value.map(named);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), named(inner)]));
  };
  for (const { name, kind, balances, picked } of read('balances')) {
    const found = pickBalance(named(balances), kind);
    const result = found && [found.balanceAmount.amount, found.creditLimitIncluded ?? null];
    assert.deepEqual(result ?? null, picked, name);
  }
});
