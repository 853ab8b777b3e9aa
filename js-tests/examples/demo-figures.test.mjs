// The demo page’s exact parts, without a browser: the history of balances, the filter, the CSV file.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pickBalance } from '@oakford/aisp';
import { toCsv } from '../../examples/browser/csv.js';
import { filterBy } from '../../examples/browser/filter.js';
import { History } from '../../examples/browser/history.js';
import { connect } from '../support/clients.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const NO_FILTER = { text: '', direction: '', status: '', from: '', to: '', least: '', most: '' };

function transaction({ amount = '-1.00', ...others }) {
  const transactionAmount = { amount, currency: 'EUR' };
  return { status: 'booked', remittanceInformationUnstructured: [], key: 'k', transactionAmount, ...others };
}

describe('the history', () => {
  it('tells the balance that the bank itself tells of each day', async () => {
    const sandbox = await sandboxForFile();
    const { session } = await connect(sandbox, {}, { user: 'anna' });
    const { items } = await session.balances('acc_anna_current');
    const history = new History(pickBalance(items, 'booked').balanceAmount);
    let compared = 0;
    const days = new Map();
    for await (const page of session.transactions('acc_anna_current', { limit: 500 }).pages()) {
      history.add(page.items);
      for (const { bookingDate, balanceAfterTransaction } of page.items) {
        if (!balanceAfterTransaction || days.has(bookingDate)) continue;
        days.set(bookingDate, balanceAfterTransaction.balanceAmount.amount);
      }
    }
    for (const [day, amount] of days) {
      assert.equal(history.balances.get(day).amount, amount, day);
      compared += 1;
    }
    assert.ok(compared > 500, String(compared));
  });

  it('counts what is booked, in the currency of the account, and only what goes out as spent', () => {
    const history = new History({ amount: '10.00', currency: 'EUR' });
    history.add([
      transaction({ amount: '-0.10', bookingDate: '2026-02-01' }),
      transaction({ amount: '-0.20', bookingDate: '2026-02-01' }),
      transaction({ amount: '5.00', bookingDate: '2026-01-31' }),
      transaction({ amount: '-7.00', bookingDate: '2026-01-30', status: 'rejected' }),
      transaction({ amount: '-7.00', status: 'pending' }),
      {
        ...transaction({ bookingDate: '2026-01-29' }),
        transactionAmount: { amount: '-9', currency: 'USD' },
      },
    ]);
    history.add([transaction({ amount: '-0.005', bookingDate: '2026-01-28' })]);
    assert.deepEqual(
      [...history.balances].map(([day, { amount }]) => [day, amount]),
      [
        ['2026-02-01', '10.00'],
        ['2026-01-31', '10.30'],
        ['2026-01-28', '5.30'],
      ],
    );
    assert.deepEqual(
      [...history.spending].map(([month, { amount }]) => [month, amount]),
      [
        ['2026-02', '0.30'],
        ['2026-01', '0.005'],
      ],
    );
  });
});

describe('the filter', () => {
  it('compares amounts exactly, where doubles would not', () => {
    const passes = filterBy({ ...NO_FILTER, least: '90071992547409.93' });
    assert.ok(passes(transaction({ amount: '-90071992547409.93' })));
    assert.ok(!passes(transaction({ amount: '-90071992547409.92' })));
    const atMost = filterBy({ ...NO_FILTER, most: '0.3' });
    assert.ok(atMost(transaction({ amount: '0.30' })));
    assert.ok(!atMost(transaction({ amount: '0.30000000000000001' })));
  });

  it('finds every word in names, purpose or amount, whatever its case', () => {
    const row = transaction({
      amount: '-42.10',
      creditorName: 'Bäckerei Kornähre',
      remittanceInformationUnstructured: ['Rechnung 17'],
    });
    assert.ok(filterBy({ ...NO_FILTER, text: ' KORNÄHRE rechnung ' })(row));
    assert.ok(filterBy({ ...NO_FILTER, text: '42.1' })(row));
    assert.ok(!filterBy({ ...NO_FILTER, text: 'kornähre 18' })(row));
  });

  it('takes the day of a row that is not booked yet from when it happened', () => {
    const row = transaction({ status: 'pending', transactionDate: '2026-03-05' });
    assert.ok(filterBy({ ...NO_FILTER, from: '2026-03-05', to: '2026-03-05' })(row));
    assert.ok(!filterBy({ ...NO_FILTER, from: '2026-03-06' })(row));
    assert.ok(!filterBy({ ...NO_FILTER, from: '2026-03-05' })(transaction({})));
  });
});

describe('the CSV file', () => {
  const cellsOf = (row) => toCsv([row]).split('\r\n').slice(1, -1).join('\r\n').slice(1, -1).split('","');
  const named = (creditorName) => cellsOf(transaction({ creditorName }))[3];

  it('begins with a byte order mark and heads, and ends each line with CR LF', () => {
    const text = toCsv([transaction({}), transaction({})]);
    assert.ok(text.startsWith('\uFEFF"Booking date",'));
    assert.equal(text.split('\r\n').length, 4);
  });

  it('keeps commas, quotes and line ends inside their cell', () => {
    assert.equal(named('Müller, "Sohn"\nKG'), 'Müller, ""Sohn""\nKG');
  });

  it('keeps every digit of an amount, and its sign', () => {
    for (const amount of ['-42.10', '0.000', '12345678901234567890.123', '-0.01']) {
      const cells = cellsOf(transaction({ amount }));
      assert.ok(cells.includes(amount), amount);
    }
  });

  it('lets no text become a formula', () => {
    assert.equal(
      named('=HYPERLINK("http://evil.example";"x")'),
      `'=HYPERLINK(""http://evil.example"";""x"")`,
    );
    assert.equal(named('+49 761 1234'), "'+49 761 1234");
    assert.equal(named('-1+1|cmd'), "'-1+1|cmd");
    assert.equal(named('@SUM(A1)'), "'@SUM(A1)");
    assert.equal(named('\t=1'), "'\t'=1");
    assert.equal(named('  =1'), "'  =1");
    assert.equal(named('"=1'), `'""=1`);
    assert.equal(named('＝1'), "'＝1");
    // Where a spreadsheet splits at semicolons, a cell begins behind one.
    assert.equal(named('Shop; =1'), "Shop;' =1");
    assert.equal(named('Shop\n=1'), "Shop\n'=1");
    assert.equal(named('A-B = C'), 'A-B = C');
  });
});
