/** Money, and the choice of a balance: plain functions, usable before anything is loaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, Money, pickBalance } from '@oakford/aisp';

const eur = (amount) => ({ amount, currency: 'EUR' });

test('sums are exact and keep the larger number of places', () => {
  assert.deepEqual(Money.add(eur('0.1'), eur('0.20')), eur('0.30'));
  assert.deepEqual(Money.add(eur('99999999999999.999'), eur('0.001')), eur('100000000000000.000'));
  assert.deepEqual(Money.add(eur('-1.1'), eur('1')), eur('-0.1'));
  assert.deepEqual(Money.add(eur('-0.05'), eur('0.05')), eur('0.00'));
  assert.deepEqual(
    Money.sum([eur('123456789012345678'), eur('-0.5'), eur('1')]),
    eur('123456789012345678.5'),
  );
  assert.deepEqual(Money.sum([eur('-3.20')]), eur('-3.20'));
});

test('a sum of many amounts takes any iterable', () => {
  const cents = Array.from({ length: 200_000 }, () => eur('0.01'));
  assert.deepEqual(Money.sum(cents), eur('2000.00'));
  assert.deepEqual(Money.sum(new Set(cents)), eur('2000.00'));
});

test('the sum of nothing is zero in the minor unit of the currency that is named', () => {
  for (const [currency, amount] of [
    ['EUR', '0.00'],
    ['JPY', '0'],
    ['BHD', '0.000'],
    ['CLF', '0.0000'],
    ['IQD', '0.000'],
    ['HUF', '0.00'],
  ]) {
    assert.deepEqual(Money.sum([], currency), { amount, currency });
  }
  assert.throws(
    () => Money.sum([]),
    /^ConfigurationError: `currency` must be the three letters.*, got nothing\.$/,
  );
});

test('amounts are compared as numbers', () => {
  assert.equal(Money.compare(eur('1.10'), eur('1.1')), 0);
  assert.equal(Money.compare(eur('-10'), eur('-9.99')), -1);
  assert.equal(Money.compare(eur('9007199254740993'), eur('9007199254740992')), 1);
  assert.equal(Money.compare(eur('-0.00'), eur('0')), 0);
  assert.deepEqual([eur('10'), eur('9.5'), eur('-1')].sort(Money.compare), [
    eur('-1'),
    eur('9.5'),
    eur('10'),
  ]);
});

test('the negative of an amount keeps its digits', () => {
  assert.deepEqual(Money.negate(eur('-042.10')), eur('42.10'));
  assert.deepEqual(Money.negate(eur('100')), eur('-100'));
  assert.deepEqual(Money.negate(eur('0.00')), eur('0.00'));
});

test('two currencies are refused, and both are named', () => {
  const usd = { amount: '1', currency: 'USD' };
  for (const [work, path] of [
    [() => Money.add(eur('1'), usd), 'b.currency'],
    [() => Money.compare(eur('1'), usd), 'b.currency'],
    [() => Money.sum([eur('1'), eur('2'), usd]), 'list[2].currency'],
    [() => Money.sum([usd], 'EUR'), 'list[0].currency'],
  ]) {
    assert.throws(work, (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.deepEqual([error.code, error.path, error.found], ['invalid_option', path, 'USD']);
      assert.equal(error.message, `\`${path}\` must be EUR like the others, got USD.`);
      return true;
    });
  }
});

test('what is no amount is refused by the name of its field', () => {
  for (const amount of [
    '',
    '1,5',
    '1.',
    '.5',
    '+1',
    '1e3',
    ' 1',
    '0x10',
    'NaN',
    '١',
    1.5,
    10n,
    null,
    undefined,
  ]) {
    for (const [work, path] of [
      [() => Money.add(eur('1'), eur(amount)), 'b.amount'],
      [() => Money.sum([eur(amount)]), 'list[0].amount'],
      [() => Money.negate(eur(amount)), 'a.amount'],
      [() => Money.format(eur(amount)), 'a.amount'],
    ]) {
      assert.throws(work, (error) => error instanceof ConfigurationError && error.path === path, `${amount}`);
    }
  }
  assert.throws(() => Money.add(undefined, eur('1')), { path: 'a.currency', found: 'nothing' });
  assert.throws(() => Money.add(eur('1'), undefined), { path: 'b.currency', found: 'nothing' });
  for (const currency of ['eur', 'EU', 'EURO', '', 978]) {
    assert.throws(() => Money.negate({ amount: '1', currency }), { path: 'a.currency' });
  }
});

test('an amount is formatted with every digit it has and with its minor unit', () => {
  for (const [amount, currency, locale, text] of [
    ['-1234.5', 'EUR', 'de', '-1.234,50 €'],
    ['-0.42', 'EUR', 'en', '-€0.42'],
    ['0', 'EUR', 'en', '€0.00'],
    ['-0.00', 'EUR', 'en', '€0.00'],
    ['1234567890123456789.005', 'USD', 'en', '$1,234,567,890,123,456,789.005'],
    ['-9007199254740993.1', 'USD', 'en', '-$9,007,199,254,740,993.10'],
    ['100', 'JPY', 'en', '¥100'],
    ['100.5', 'JPY', 'en', '¥100.5'],
    ['1.5', 'BHD', 'en', 'BHD 1.500'],
    ['1', 'CLF', 'en', 'CLF 1.0000'],
    ['1990', 'HUF', 'hu', '1990,00 Ft'],
    ['1.5', 'IQD', 'en', 'IQD 1.500'],
    ['0.1234567890123456789012345', 'USD', 'en', '$0.1234567890123456789012345'],
  ]) {
    assert.equal(Money.format({ amount, currency }, locale).replace(/\u00a0/g, ' '), text);
  }
});

test('formatting agrees with the platform where that is exact', () => {
  const digits = (count) => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('');
  for (const locale of ['en', 'de', 'fr-CH', 'pl', 'hi', 'ar-EG', 'fa', 'ja', 'en-u-nu-thai']) {
    for (const currency of ['EUR', 'JPY', 'KWD', 'CLF']) {
      const places = { EUR: 2, JPY: 0, KWD: 3, CLF: 4 }[currency];
      const format = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        minimumFractionDigits: places,
        maximumFractionDigits: places,
      });
      for (let round = 0; round < 50; round += 1) {
        const whole = BigInt(digits(1 + (round % 22)));
        const amount = `${round % 2 && whole ? '-' : ''}${whole}${places ? `.${digits(places)}` : ''}`;
        assert.equal(
          Money.format({ amount, currency }, locale),
          format.format(amount),
          `${amount} ${currency} ${locale}`,
        );
      }
    }
  }
});

const balance = (balanceType, amount, more) => ({
  balanceType,
  balanceAmount: eur(amount),
  creditLines: [],
  extra: {},
  ...more,
});
const picked = (balances, kind) => pickBalance(balances, kind)?.balanceAmount.amount;

test('the balance is picked by its kind in the documented order', () => {
  const orders = {
    available: [
      'interim_available',
      'closing_available',
      'opening_available',
      'forward_available',
      'expected',
    ],
    booked: ['interim_booked', 'closing_booked', 'opening_booked', 'previously_closed_booked'],
  };
  for (const [kind, order] of Object.entries(orders)) {
    const all = [...order].reverse().map((type) => balance(type, String(order.indexOf(type))));
    const others = [
      'information',
      'non_invoiced',
      'of_tomorrow',
      ...Object.values(orders)
        .flat()
        .filter((type) => !order.includes(type)),
    ];
    for (let gone = 0; gone < order.length; gone += 1) {
      const left = all.filter((each) => Number(each.balanceAmount.amount) >= gone);
      assert.equal(picked([...others.map((type) => balance(type, '99')), ...left], kind), String(gone));
    }
    assert.equal(
      pickBalance(
        others.map((type) => balance(type, '1')),
        kind,
      ),
      undefined,
    );
    assert.equal(pickBalance([], kind), undefined);
  }
});

test('among balances of one kind the newest wins, then the one without a credit limit, then the first', () => {
  const of = (amount, more) => balance('interim_available', amount, more);
  assert.equal(
    picked(
      [of('1'), of('2', { referenceDate: '2026-01-02' }), of('3', { referenceDate: '2026-01-01' })],
      'available',
    ),
    '2',
  );
  const day = { referenceDate: '2026-01-02' };
  assert.equal(
    picked(
      [
        of('1', { ...day, lastChangeDateTime: '2026-01-02T10:00:00+02:00' }),
        of('2', { ...day, lastChangeDateTime: '2026-01-02T09:00:00Z', creditLimitIncluded: true }),
      ],
      'available',
    ),
    '2',
  );
  assert.equal(
    picked([of('1', { ...day, creditLimitIncluded: true }), of('2', day), of('3', day)], 'available'),
    '2',
  );
});

test('the picked balance says whether a credit limit is included', () => {
  const said = (more) =>
    pickBalance([balance('interim_available', '1', more)], 'available').creditLimitIncluded;
  assert.equal(said({}), undefined);
  assert.equal(said({ creditLimitIncluded: false }), false);
  assert.equal(said({ creditLimitIncluded: true }), true);
  assert.equal(said({ creditLines: [{ creditLimitIncluded: false }, { creditLimitIncluded: true }] }), true);
  assert.equal(said({ creditLines: [{ creditLimitIncluded: false }] }), false);
  assert.equal(said({ creditLines: [{}] }), undefined);
  assert.equal(said({ creditLimitIncluded: false, creditLines: [{ creditLimitIncluded: true }] }), false);
  const plain = balance('interim_available', '1');
  assert.equal(pickBalance([plain], 'available'), plain);
});
