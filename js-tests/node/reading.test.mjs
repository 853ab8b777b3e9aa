/** What a reader gets: exact values, open data, errors that name the place, and drift that is reported once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseError } from '@oakford/aisp';
import { rejection } from '../support/rejection.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';

const row = (more = {}) => ({
  status: 'booked',
  transaction_amount: { amount: '-1.00', currency: 'EUR' },
  ...more,
});

/** A session whose transactions are the given JSON text or rows. */
async function reading(rows, options) {
  const text = typeof rows === 'string' ? rows : JSON.stringify(rows);
  const origin = await serve((_, response) =>
    json(response, `{"account_id":"a","transactions":${text},"next_cursor":null}`),
  );
  return sessionAt(origin, options);
}

test('money keeps the digits of the wire, whatever they are', async () => {
  const amounts = ['"100"', '"-1.1"', '12.30', '"123456789012345678"', '"99999999999999.999"', '0.10', '-0'];
  const session = await reading(
    `[${amounts.map((amount) => `{"status":"booked","transaction_amount":{"amount":${amount},"currency":"EUR"}}`)}]`,
  );
  const { items } = await session.transactions('a');
  assert.deepEqual(
    items.map(({ transactionAmount }) => transactionAmount.amount),
    amounts.map((amount) => amount.replaceAll('"', '')),
  );
});

test('an error names the row, the field, what was expected and what was found, and not the value', async () => {
  const session = await reading([row(), row({ transaction_amount: { amount: true, currency: 'EUR' } })]);
  const error = await rejection(session.transactions('a'));
  assert.ok(error instanceof ResponseError);
  assert.equal(error.path, 'transactions[1].transaction_amount.amount');
  assert.match(
    error.message,
    /`transactions\[1\]\.transaction_amount\.amount` must be a decimal string, got a boolean\. Report it/,
  );
  assert.deepEqual([error.status, error.requestSent, error.retryable], [200, 'yes', false]);
  const iban = await reading([row({ booking_date: 'DE89370400440532013000' })]);
  assert.ok(!(await rejection(iban.transactions('a'))).message.includes('DE89'));
});

test('what the provider adds tomorrow is data', async () => {
  const session = await reading([row({ status: 'teleported', novelty: { deep: [1, null] }, __proto__x: 1 })]);
  const [{ status, extra }] = (await session.transactions('a')).items;
  assert.equal(status, 'teleported');
  assert.deepEqual({ ...extra }, { novelty: { deep: [1, null] }, __proto__x: 1 });
});

test('a field named __proto__ is data, and no prototype', async () => {
  const session = await reading(
    '[{"status":"booked","transaction_amount":{"amount":"1","currency":"EUR"},"__proto__":{"polluted":1}}]',
  );
  const [{ extra, ...transaction }] = (await session.transactions('a')).items;
  assert.equal(transaction.polluted, undefined);
  assert.equal({}.polluted, undefined);
  assert.deepEqual(Object.getOwnPropertyNames(extra), ['__proto__']);
});

test('null is absent: a scalar undefined, a list empty', async () => {
  const session = await reading([row({ creditor_name: null, remittance_information_unstructured: null })]);
  const [{ creditorName, remittanceInformationUnstructured }] = (await session.transactions('a')).items;
  assert.equal(creditorName, undefined);
  assert.deepEqual(remittanceInformationUnstructured, []);
});

test('drift: coerced values are reported once for each shape', async () => {
  const events = [];
  const bent = row({ remittance_information_unstructured: 'one line', merchant_category_code: 5411 });
  const session = await reading([bent, bent], { onEvent: (event) => events.push(event) });
  for (let turn = 0; turn < 2; turn++) {
    const [first] = (await session.transactions('a')).items;
    assert.deepEqual(first.remittanceInformationUnstructured, ['one line']);
    assert.equal(first.merchantCategoryCode, '5411');
  }
  const drift = events.filter(({ type }) => type === 'drift');
  assert.deepEqual(drift.map(({ path, found }) => [path, found]).sort(), [
    ['transactions[].merchant_category_code', 'number'],
    ['transactions[].remittance_information_unstructured', 'string'],
  ]);
});

test('rows in are rows out, in order, also where they are equal', async () => {
  const rows = Array.from({ length: 300 }, (_, index) =>
    row({ creditor_name: `c${index % 7}`, booking_date: '2024-01-01' }),
  );
  const session = await reading(rows);
  const { items } = await session.transactions('a');
  assert.deepEqual(
    items.map(({ creditorName }) => creditorName),
    rows.map(({ creditor_name }) => creditor_name),
  );
  assert.equal(new Set(items.map(({ key }) => key)).size, 300);
});
