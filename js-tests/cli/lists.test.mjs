/** `aisp accounts`, `balances` and `transactions`: exact rows in each format, in pipes and in a terminal. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/machine.mjs';
import { faultsOn, sandboxForFile } from '../support/sandbox.mjs';
import { aisp, aispInTerminal, aispThrough, noTerminal, storeSession } from './command.mjs';

const sandbox = await sandboxForFile();
const store = temporaryFolder();
const args = ['--base-url', sandbox.baseUrl, '--client-id', sandbox.clients.web.clientId, '--store', store];
const session = await storeSession(sandbox, store, 'james');

/** Lets the bank send these texts about a payment. */
function payment(context, texts) {
  const row = {
    transaction_id: 't1',
    status: 'booked',
    booking_date: '2026-03-01',
    transaction_amount: { amount: '-1234567890123456789.10', currency: 'EUR' },
    ...texts,
  };
  const fault = faultsOn(sandbox, '/accounts/acc_james_current/transactions')
    .always()
    .answers(200, { body: { account_id: 'acc_james_current', transactions: [row], next_cursor: null } });
  context.after(() => sandbox.faults.remove(fault.id));
}

const ok = ({ code, stdout, stderr }) => {
  assert.equal(code, 0, stderr || stdout);
  return stdout;
};
const lines = (text) => text.trim().split('\n');

/** Reads CSV by RFC 4180. */
function parseCsv(text) {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  assert.equal(cells.map(([whole]) => whole).join(''), text, 'every byte belongs to a cell');
  const rows = [[]];
  for (const [, quoted, plain, end] of cells) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('--json: prints each transaction of each account as the SDK gives it, one object a line', async () => {
  const printed = lines(
    ok(await aisp(['transactions', '--from', '2026-02-01', '--to', '2026-02-28', '--json', ...args])),
  );
  const expected = [];
  for await (const { accountId } of session.accounts())
    for await (const row of session.transactions(accountId, { dateFrom: '2026-02-01', dateTo: '2026-02-28' }))
      expected.push(JSON.parse(JSON.stringify({ accountId, ...row })));
  assert.ok(expected.length > 30);
  assert.deepEqual(
    printed.map((line) => JSON.parse(line)),
    expected,
  );
});

test('--csv: keeps every digit, quotes by RFC 4180, and lets no text become a formula', async (context) => {
  payment(context, {
    creditor_name: 'Müller, "Söhne"',
    remittance_information_unstructured: ['=HYPERLINK("http://x")', 'line\r\nend'],
  });
  const [header, row, ...others] = parseCsv(
    ok(await aisp(['transactions', 'acc_james_current', '--csv', ...args])),
  );
  assert.deepEqual(others, []);
  const cells = Object.fromEntries(header.map((name, index) => [name, row[index]]));
  assert.equal(cells.account_id, 'acc_james_current');
  assert.equal(cells.amount, '-1234567890123456789.10');
  assert.equal(cells.name, 'Müller, "Söhne"');
  assert.equal(cells.details, `'=HYPERLINK("http://x") line\r\nend`);
  assert.equal(cells.booking_date, '2026-03-01');
});

test('--csv: accounts and balances have one row each, with a header', async () => {
  const accounts = parseCsv(ok(await aisp(['accounts', '--csv', ...args])));
  assert.equal(accounts.length, 4);
  const [header, ...balances] = parseCsv(ok(await aisp(['balances', 'acc_james_current', '--csv', ...args])));
  assert.deepEqual(header, ['account_id', 'type', 'amount', 'currency', 'reference_date']);
  const { items } = await session.balances('acc_james_current');
  assert.deepEqual(
    balances.map(([, type, amount]) => [type, amount]),
    items.map(({ balanceType, balanceAmount }) => [balanceType, balanceAmount.amount]),
  );
});

test('table: is the default, aligns amounts, and has no colour, cut or progress in a pipe', async (context) => {
  payment(context, { creditor_name: 'A'.repeat(70), additional_information: 'the end' });
  const { code, stdout, stderr } = await aisp(['transactions', 'acc_james_current', ...args]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const [header, row] = lines(stdout);
  assert.match(header, /^Account +Booked +Amount {2}Cur {2}Name +Details$/);
  assert.match(row, /^acc_james_current +2026-03-01 +-1234567890123456789\.10 {2}EUR {2}A{70} {2}the end$/);
  assert.ok(!stdout.includes('\x1b'));
});

test('pipe: the command ends in peace when its reader closes the pipe', async () => {
  const { code, stdout, stderr } = await aispThrough(['transactions', '--json', ...args], 'head -n 1');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(JSON.parse(stdout).accountId, 'acc_james_current');
});

test('terminal: a progress bar on stderr goes up to the last row and is removed, and rows are whole', {
  skip: noTerminal,
}, async () => {
  const file = join(store, 'rows.csv');
  const command = ['transactions', '--from', '2025-06-01', '--csv', ...args];
  const { stdout: shown } = await aispInTerminal(command, { redirection: `> '${file}'` });
  const percents = [...shown.matchAll(/\[[#-]{24}\] +(\d+) % {2}\d+ rows/g)].map(([, percent]) =>
    Number(percent),
  );
  assert.ok(percents.length > 3, shown);
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
  );
  assert.equal(percents[0], 0);
  assert.ok(percents.at(-1) > 90, `${percents}`);
  assert.ok(shown.endsWith('\r\x1b[2K'), JSON.stringify(shown.slice(-40)));
  const piped = await aisp(command);
  assert.deepEqual(readFileSync(file, 'utf8'), piped.stdout);
});

test('terminal: rows and progress share the screen, lines fit, and the header is bold unless NO_COLOR is set', {
  skip: noTerminal,
}, async () => {
  const { stdout } = await aispInTerminal(['balances', ...args]);
  assert.match(stdout, /^\p{Cc}\[1mAccount .*\p{Cc}\[22m\r\n/u);
  const plain = await aispInTerminal(['balances', ...args], { env: { NO_COLOR: '1' } });
  assert.doesNotMatch(plain.stdout, /\p{Cc}\[\d*m/u);
  const rows = plain.stdout.split('\r\n').map((line) => line.split('\r\x1b[2K').at(-1));
  assert.ok(rows.some((row) => row.startsWith('acc_james_mortgage')));
  for (const row of rows) assert.ok(row.length <= 80, row);
});

for (const format of ['--table', '--csv', '--json']) {
  test(`terminal: no text of a bank steers it with ${format}`, { skip: noTerminal }, async (context) => {
    payment(context, { creditor_name: 'evil\x1b]0;title\x07\x9b2J\u202Eend' });
    const { stdout } = await aispInTerminal(['transactions', 'acc_james_current', format, ...args]);
    assert.match(stdout, /evil/);
    const own = stdout.replaceAll('\x1b[2K', '').replace(/\p{Cc}\[\d+m/gu, '');
    assert.doesNotMatch(own, /[^\P{Cc}\r\n]|\u202E/u);
  });
}

test('rate limit: the terminal says what is waited for, and the command goes on', {
  skip: noTerminal,
}, async (context) => {
  const fault = faultsOn(sandbox, '/accounts/acc_james_card/balances').tooManyRequests({ retryAfter: 1 });
  context.after(() => sandbox.faults.remove(fault.id));
  const { stdout } = await aispInTerminal(['balances', '--csv', ...args], { redirection: '> /dev/null' });
  assert.match(stdout, /trying again in \d+ ms|waiting until \d\d:\d\d:\d\d/);
});
