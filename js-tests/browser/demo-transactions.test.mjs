// The demo page's transactions in Chromium: reading, stopping, going on, the list, the filter, the export, the charts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, it } from 'node:test';
import { allTransactions, connect } from '../sandbox/plain-client.js';
import { until } from '../support/time.mjs';
import { anna, complaintsOf, digits, james, startDemo } from './demo-page.mjs';

describe('the demo page’s transactions', () => {
  let demo;
  let customer;
  /** All rows of Anna’s current account, as the API tells them. */
  let rows;
  before(async () => {
    demo = await startDemo();
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'anna' } });
    rows = await allTransactions(demo.sandbox, 'acc_anna_current', token);
    assert.ok(rows.length > 9000);
  });
  afterEach(async () => {
    demo.sandbox.faults.clear();
    await customer?.close();
    customer = undefined;
  });
  after(() => demo?.close());

  it('are all in the list, of which few rows are in the page at a time', async () => {
    customer = await demo.visit();
    await customer.connect(anna);
    await customer.status(`All ${count(rows)} transactions`);
    const { amounts, most } = await customer.scrollThrough();
    assert.deepEqual(
      amounts.map(digits),
      rows.map(({ transaction_amount }) => transaction_amount.amount),
    );
    assert.ok(most < 60, `${most} rows in the page`);
    assertIntact();
  });

  it('keep their order in the page and their place in the list while it scrolls to and fro', async () => {
    customer = await demo.visit();
    await customer.connect(anna);
    const list = customer.page.locator('.list');
    for (const place of [0, 500, 430, 60_000, 59_700, 10_000_000, 0]) {
      await list.evaluate((element, top) => {
        element.scrollTop = top;
        return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }, place);
      const seen = await customer.rows();
      for (const [index, row] of seen.entries()) {
        assert.equal(row.position, seen[0].position + index);
        assert.equal(digits(row.amount), rows[row.position - 1].transaction_amount.amount);
      }
      const visible = await list.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const boxes = [...element.querySelectorAll('li')].map((row) => row.getBoundingClientRect());
        return boxes[0].top <= top + 1 && boxes.at(-1).bottom >= bottom - 1;
      });
      assert.ok(visible, `at ${place} the rows fill the list`);
    }
  });

  it('are scrolled with the keyboard', async () => {
    customer = await demo.visit();
    await customer.connect(anna);
    const list = customer.page.locator('.list');
    await list.focus();
    await customer.page.keyboard.press('End');
    await list
      .getByText(digitsOf(rows.at(-1)))
      .last()
      .waitFor();
    await customer.page.waitForFunction(() =>
      [...document.querySelectorAll('.list li')].some((row) => row.ariaPosInSet === row.ariaSetSize),
    );
    await customer.page.keyboard.press('Home');
    await customer.page.waitForFunction(() =>
      [...document.querySelectorAll('.list li')].some((row) => row.ariaPosInSet === '1'),
    );
  });

  it('appear while they are read; reading is stopped, and goes on where it was', async () => {
    customer = await demo.visit();
    demo.sandbox.requests.clear();
    slow();
    await customer.goToConsent(anna);
    await customer.button('Approve').click();
    await customer.status(/^1,\d00 transactions, back to \d+ \w+ 20\d\d$/);
    assert.ok((await customer.rows()).length > 5);
    await customer.button('Stop').click();
    await customer.button('Go on').waitFor();
    const before = (await settledRequests({ path: '*/transactions' })).length;
    const asked = await settledRequests({ path: '*/transactions' });
    assert.equal(asked.length, before, 'nothing is asked for once reading is stopped');
    assert.equal(await customer.page.getByRole('alert').count(), 0);
    demo.sandbox.faults.clear();
    await customer.button('Go on').click();
    await customer.status(`All ${count(rows)} transactions`);
    const { amounts } = await customer.scrollThrough();
    assert.equal(amounts.length, rows.length);
    assertIntact();
  });

  it('go on where they broke off', async () => {
    customer = await demo.visit();
    await customer.goToConsent(anna);
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'status',
      status: 503,
      body: { error: 'provider_unavailable', error_description: 'The bank is away.' },
      skip: 3,
      times: 3,
    });
    await customer.button('Approve').click();
    const alert = customer.page.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.textContent(), /provider_unavailable/);
    assert.match(await alert.textContent(), /Request id\S+/);
    await customer.status('1,500 transactions');
    await customer.button('Try again').click();
    await customer.status(`All ${count(rows)} transactions`);
    assert.equal(await alert.count(), 0);
    const { amounts } = await customer.scrollThrough();
    assert.equal(amounts.length, rows.length);
  });

  it('of another account end what was still being read', async () => {
    customer = await demo.visit();
    const path = '*/acc_anna_current/transactions';
    demo.sandbox.requests.clear();
    demo.sandbox.faults.add({ match: { path }, fault: 'latency', delayMs: 3000, skip: 1 });
    await customer.goToConsent(anna);
    await customer.button('Approve').click();
    await customer.status(/^500 transactions/);
    await customer.choose('Tagesgeld');
    await customer.complete();
    // The request for the second page is cut off, and none follows.
    await settledRequests({ path });
    const asked = await settledRequests({ method: 'GET', path });
    assert.deepEqual(
      asked.map(({ status }) => status),
      [200, undefined],
    );
    assertIntact();
  });

  it('are none, and it says so', async () => {
    customer = await demo.visit();
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'status',
      status: 200,
      body: { account_id: 'acc_anna_savings', transactions: [], next_cursor: null },
      times: null,
    });
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.button('Approve').click();
    await customer.status('There are no transactions yet.');
    assert.ok(await customer.button('Export as CSV').isDisabled());
    assertIntact();
  });

  it('are filtered by text, direction, status, dates and amounts', async () => {
    customer = await demo.visit();
    await customer.connect(anna);
    const { page } = customer;
    const amount = ({ transaction_amount: { amount } }) => amount;
    const cents = (row) => BigInt(amount(row).replace(/[-.]/g, ''));
    const isDebit = (row) => amount(row).startsWith('-');
    const day = (row) => row.booking_date ?? row.value_date ?? row.transaction_date;
    const shows = async (wanted) => {
      assert.ok(wanted.length > 0 && wanted.length < rows.length);
      await customer.status(`${count(wanted)} of ${count(rows)} transactions`);
      const first = (await customer.rows()).map((row) => digits(row.amount));
      assert.deepEqual(first, wanted.slice(0, first.length).map(amount));
    };
    await page.getByLabel('Search').fill('TANKSTELLE');
    await shows(rows.filter((row) => /tankstelle/i.test(JSON.stringify(row))));
    await customer.button('Clear').first().click();
    await customer.complete();
    await page.getByLabel('Direction').selectOption('Money in');
    await shows(rows.filter((row) => !isDebit(row)));
    await page.getByLabel('Direction').selectOption('Money out');
    await page.getByLabel('At least').fill('50.00');
    await shows(rows.filter((row) => isDebit(row) && cents(row) >= 5000n));
    await page.getByLabel('At most').fill('99,5');
    await shows(rows.filter((row) => isDebit(row) && cents(row) >= 5000n && cents(row) <= 9950n));
    await page.getByRole('search').getByRole('button', { name: 'Clear' }).click();
    await customer.complete();
    await page.getByLabel('Status').selectOption('Pending');
    await shows(rows.filter(({ status }) => status === 'pending'));
    await page.getByRole('search').getByRole('button', { name: 'Clear' }).click();
    const [from, to] = [day(rows[5000]), day(rows[3000])];
    await page.getByLabel('From').fill(from);
    await page.getByLabel('To', { exact: true }).fill(to);
    await shows(rows.filter((row) => day(row) >= from && day(row) <= to));
    assertIntact();
  });

  it('are exported as they are shown, with exact amounts', async () => {
    customer = await demo.visit();
    await customer.connect(anna);
    await customer.page.getByLabel('Direction').selectOption('Money in');
    const [download] = await Promise.all([
      customer.page.waitForEvent('download'),
      customer.button('Export as CSV').click(),
    ]);
    assert.equal(download.suggestedFilename(), 'acc_anna_current.csv');
    const lines = (await readFile(await download.path(), 'utf8')).slice(1).trimEnd().split('\r\n');
    const wanted = rows.filter(({ transaction_amount: { amount } }) => !amount.startsWith('-'));
    const column = lines[0].split(',').indexOf('"Amount"');
    assert.deepEqual(
      lines.slice(1).map((line) => line.slice(1, -1).split('","')[column]),
      wanted.map(({ transaction_amount: { amount } }) => amount),
    );
    assertIntact();
  });

  it('make the charts, whose figures are also in a table', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    const { page } = customer;
    await page.getByRole('img', { name: /^Balance\. \d+ \w+ 20\d\d: £/ }).waitFor();
    await page.getByRole('img', { name: /^Spending by month\. \w+ \d\d: £/ }).waitFor();
    assert.equal(await page.locator('.drawing canvas').count(), 2);
    await page.getByText('The figures as a table').click();
    const spent = await page.locator('.months td').first().textContent();
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'james' } });
    const all = await allTransactions(demo.sandbox, 'acc_james_current', token);
    const month = all.find(({ status }) => status === 'booked').booking_date.slice(0, 7);
    const pence = all
      .filter(({ status, booking_date: date }) => status === 'booked' && date.startsWith(month))
      .map(({ transaction_amount: { amount } }) => amount)
      .filter((amount) => amount.startsWith('-'))
      .reduce((sum, amount) => sum + BigInt(amount.replace(/[-.]/g, '')), 0n);
    assert.equal(BigInt(digits(spent).replace('.', '')), pence);
    // Under the pointer stands the value of that day.
    await page.locator('.u-over').first().hover();
    await page
      .getByText(/^\d+ \w+ 20\d\d: -?£/)
      .first()
      .waitFor();
    assertIntact();
  });

  function slow() {
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'latency',
      delayMs: 250,
      times: null,
    });
  }

  /** Waits until the page has nothing to send and every request that matches has ended; returns these requests. */
  async function settledRequests(match) {
    await customer.page.evaluate(async (origin) => {
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve));
      await fetch(`${origin}/.well-known/openid-configuration`);
    }, demo.sandbox.origin);
    const asked = () => demo.sandbox.requests.filter(match);
    await until(() => asked().every(({ durationMs }) => durationMs !== undefined));
    return asked();
  }

  function assertIntact() {
    assert.deepEqual(complaintsOf(customer, demo), []);
  }
});

const count = (list) => list.length.toLocaleString('en-GB');

const digitsOf = ({ transaction_amount: { amount } }) =>
  amount.replace('-', '').replace(/\B(?=(\d{3})+\.)/g, ',');
