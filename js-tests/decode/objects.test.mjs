// What a user gets for what is on the wire.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRows, decodeText, Listing, Message } from './load.mjs';

const AMOUNT = '"transaction_amount":{"amount":"-42.10","currency":"EUR"}';
const row = (fields = '', amount = AMOUNT) => `{"status":"booked",${amount}${fields && `,${fields}`}}`;
const one = (fields, amount) => decodeRows(row(fields, amount))[0];

test('absent scalars are undefined, absent lists empty, null is absent', () => {
  const tx = one('"creditor_name":null');
  assert.equal(tx.creditorName, undefined);
  assert.ok('bookingDate' in tx);
  assert.equal(tx.bookingDate, undefined);
  assert.equal(tx.debtorAccount, undefined);
  assert.deepEqual(tx.remittanceInformationUnstructured, []);
  assert.deepEqual(tx.currencyExchange, []);
  assert.deepEqual(tx.extra, {});
});

test('every row has the same fields in the same order', () => {
  const [a, b] = decodeRows(row(), row('"value_date":"2024-01-01","transaction_id":"7"'));
  assert.deepEqual(Object.keys(a), Object.keys(b));
});

test('money keeps the digits of the wire', () => {
  for (const digits of [
    '"100"',
    '"-1.1"',
    '12.30',
    '"123456789012345678"',
    '99999999999999.999',
    '-0',
    '"0.00"',
  ]) {
    const tx = one('', `"transaction_amount":{"amount":${digits},"currency":"EUR"}`);
    assert.deepEqual(tx.transactionAmount, { amount: digits.replaceAll('"', ''), currency: 'EUR' });
  }
  assert.equal(
    one('', '"transaction_amount":{"amount":1.5e3,"currency":"EUR"}').transactionAmount.amount,
    '1500',
  );
});

test('unknown fields are in extra under their names on the wire', () => {
  const tx = one(
    '"new_field":{"a":[1,"é"]},"__proto__":{"admin":true},"κλειδί":"τιμή","creditor_account":{"iban":"X","lei":"529900"}',
  );
  assert.deepEqual(Object.keys(tx.extra), ['new_field', '__proto__', 'κλειδί']);
  assert.deepEqual(tx.extra.new_field, { a: [1, 'é'] });
  assert.equal(tx.admin, undefined);
  assert.equal({}.admin, undefined);
  assert.deepEqual(Object.getOwnPropertyDescriptor(tx.extra, '__proto__').value, { admin: true });
  assert.deepEqual(tx.creditorAccount.extra, { lei: '529900' });
});

test('unknown fields of an amount are in extra of what the amount is of', () => {
  const tx = one('"transaction_amount":{"amount":"1","currency":"EUR","minor_units":100}', '"a":1');
  assert.deepEqual(tx.transactionAmount, { amount: '1', currency: 'EUR' });
  assert.deepEqual(tx.extra, { a: 1, transaction_amount: { minor_units: 100 } });
});

test('a number in extra that a double would change is kept as text', () => {
  const { extra } = one('"big":12345678901234567890,"fine":0.1,"deep":[{"x":1e400}]');
  assert.deepEqual(extra, { big: '12345678901234567890', fine: 0.1, deep: [{ x: '1e400' }] });
});

test('a word that an enum does not know is data', () => {
  assert.equal(decodeRows(`{"status":"hold",${AMOUNT}}`)[0].status, 'hold');
});

test('texts of every kind come through', () => {
  const texts = [
    '',
    'plain',
    'Café Zürich',
    'Ζορμπάς',
    '日本 € 😀',
    '\u0085\u0080',
    '"\\/\b\f\n\r\t\u0001',
    '\ud800',
    '\udc00\ud800x',
    'a'.repeat(20_000),
    'Ω'.repeat(20_000),
    'é'.repeat(70_000),
    `${'Ω'.repeat(9000)}\udfff`,
  ];
  for (const text of texts) {
    const escaped = JSON.stringify(text).replaceAll('/', '\\/');
    const unicode = `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
    for (const json of [escaped, unicode]) {
      const tx = one(
        `"creditor_name":${json},"remittance_information_unstructured":[${json},"x",${json}],"unknown":${json}`,
      );
      assert.equal(tx.creditorName, text);
      assert.deepEqual(tx.remittanceInformationUnstructured, [text, 'x', text]);
      assert.equal(tx.extra.unknown, text);
    }
  }
});

test('names of fields may be escaped', () => {
  assert.equal(one('"cr\\u0065ditor_name":"x"').creditorName, 'x');
});

test('of fields of one name the last counts, also where an earlier one is wrong', () => {
  assert.equal(one('"creditor_name":"a","creditor_name":"b"').creditorName, 'b');
  assert.equal(one('"creditor_name":"a","creditor_name":null').creditorName, undefined);
  assert.equal(one('"creditor_name":5,"creditor_name":"b"').creditorName, 'b');
  const tx = one(
    '"charge_amount":{"amount":true,"x":"\\"}"},"charge_amount":{"amount":"1","currency":"EUR"}',
  );
  assert.deepEqual(tx.chargeAmount, { amount: '1', currency: 'EUR' });
  assert.deepEqual(tx.extra, {});
  const lists = decodeText(
    3,
    `{"account_id":"a","transactions":[${row()},${row()}],"transactions":[${row('"creditor_name":"last"')}]}`,
  );
  assert.deepEqual(
    lists.map((tx) => tx.creditorName),
    ['last'],
  );
});

test('what nearly fits is bent to fit', () => {
  assert.deepEqual(one('"remittance_information_unstructured":"one"').remittanceInformationUnstructured, [
    'one',
  ]);
  assert.deepEqual(
    one('"remittance_information_unstructured":["a",null]').remittanceInformationUnstructured,
    ['a'],
  );
  assert.equal(one('"transaction_id":12345678901234567890').transactionId, '12345678901234567890');
  assert.equal(one('"merchant_category_code":5411').merchantCategoryCode, '5411');
  const exchange = '{"source_currency":"USD","exchange_rate":1.10}';
  assert.equal(one(`"currency_exchange":${exchange}`).currencyExchange[0].exchangeRate, '1.10');
});

test('errors name the place and the type found, and not the value', () => {
  const rows = Array.from({ length: 17 }, () => row());
  const bad = row('', '"transaction_amount":{"amount":true,"currency":"EUR"}');
  const cases = [
    [
      () => decodeRows(...rows, bad),
      '`transactions[17].transaction_amount.amount` must be a decimal string, got a boolean.',
    ],
    [
      () => one('', '"creditor_name":"x"'),
      '`transactions[0].transaction_amount` must be an object, got nothing.',
    ],
    [
      () => one('"creditor_account":{"iban":false}'),
      '`transactions[0].creditor_account.iban` must be a string, got a boolean.',
    ],
    [
      () => one('"booking_date":"2023-02-29"'),
      '`transactions[0].booking_date` must be a date (YYYY-MM-DD), got a string of another form.',
    ],
    [
      () => one('"remittance_information_unstructured":["a",[]]'),
      '`transactions[0].remittance_information_unstructured[1]` must be a string, got an array.',
    ],
    [() => decodeRows(row(), 'null'), '`transactions[1]` must be an object, got null.'],
    [() => decodeText(3, '{"account_id":"a"}'), '`transactions` must be a list of objects, got nothing.'],
    [() => decodeText(3, '[]'), 'The body must be an object, got an array.'],
    [() => decodeText(3, ' \n'), 'The body is empty.'],
    [() => decodeText(3, ''), 'The body is empty.'],
    [
      () => decodeText(1, '{"account_id":"a","currency":"EUR","account_type":null}'),
      '`account_type` must be a string, got null.',
    ],
    [() => decodeText(3, '{"transactions":[]}'), '`account_id` must be a string, got nothing.'],
    [() => decodeText(0, '{"accounts":null}'), '`accounts` must be a list of objects, got null.'],
    [
      () => decodeText(3, '{"account_id":"a","transactions":[]} x'),
      'The body is not JSON: expected nothing after the value at byte 37.',
    ],
    [
      () => one(`"x":${'['.repeat(200)}${']'.repeat(200)}`),
      '`transactions[0]` is nested deeper than 128 levels.',
    ],
  ];
  for (const [run, message] of cases)
    assert.throws(run, (thrown) => thrown === message || assert.equal(thrown, message));
});

test('accounts and balances are read, one or many', () => {
  const account =
    '{"account_id":"a","currency":"EUR","account_type":"current","balances":[{"balance_type":"expected","balance_amount":{"amount":"1.00","currency":"EUR"},"credit_limit_included":false}]}';
  const single = decodeText(Message.account, account);
  assert.equal(single.accountType, 'current');
  assert.equal(single.balances[0].creditLimitIncluded, false);
  assert.equal('key' in single, false);
  assert.deepEqual(decodeText(Message.accountList, `\ufeff{"accounts":[${account}]}`), [single]);
  assert.deepEqual(decodeText(Message.balances, '{"account_id":"a","balances":[]}'), []);
});

test('keys tell every row of a listing from every other', () => {
  const listing = new Listing();
  const page = (rows) =>
    listing
      .page(3, new TextEncoder().encode(`{"account_id":"a","transactions":[${rows}]}`))
      .map((tx) => tx.key);
  const coffee = row('"creditor_name":"Café"');
  const keys = [
    ...page([coffee, coffee, row('"transaction_id":"t"')]),
    ...page([coffee, row('"transaction_id":"t"')]),
  ];
  assert.equal(new Set(keys).size, 5);
  assert.equal(keys[2], 't');
  assert.deepEqual([keys[1], keys[3]], [`${keys[0]}#2`, `${keys[0]}#3`]);
});

test('many rows keep their order, over many chunks', () => {
  const rows = Array.from({ length: 3000 }, (_, i) =>
    row(
      `"transaction_id":"${i}","creditor_name":"${i % 7 ? 'plain' : 'Ζ'}${i}","debtor_name":"${'x'.repeat(i % 400)}"`,
    ),
  );
  const all = decodeRows(...rows);
  assert.equal(all.length, 3000);
  all.forEach((tx, i) => {
    assert.equal(tx.key, String(i));
    assert.equal(tx.creditorName, `${i % 7 ? 'plain' : 'Ζ'}${i}`);
    assert.equal(tx.debtorName.length, i % 400);
  });
});

test('a row longer than a chunk is read', () => {
  const long = 'y'.repeat(300_000);
  const tx = one(
    `"additional_information":"${long}","end_to_end_id":"after","remittance_information_unstructured":["${long}","z"]`,
  );
  assert.equal(tx.additionalInformation, long);
  assert.equal(tx.endToEndId, 'after');
  assert.deepEqual(tx.remittanceInformationUnstructured, [long, 'z']);
});
