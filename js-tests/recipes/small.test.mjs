/** The recipes of a backfill, of an export and of alerts, with a sandbox's sessions. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { backfill } from '../../examples/recipes/backfill.mjs';
import { checkConsents, consentEvents } from '../../examples/recipes/consent-alert.mjs';
import { exportCsv } from '../../examples/recipes/export-csv.mjs';
import { noTerminal } from '../cli/command.mjs';
import { connectWith, publicOptions } from '../support/clients.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { approve, faultsOn, sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile({ consentDays: 10 });
const ACCOUNT = 'acc_james_current';
const days = { dateFrom: '2025-01-01', dateTo: '2026-03-10' };
const folder = temporaryFolder();
const james = (options = {}) => connectWith(publicOptions(sandbox, options), {}, { user: 'james' });

test('backfill: goes on at the page where it was interrupted, and shows how far it is', async () => {
  const { session } = await james();
  const file = join(folder, 'backfill');
  const keys = [];
  const parts = [];
  const show = (part) => parts.push(part);
  const interrupted = backfill(session, ACCOUNT, {
    ...days,
    file,
    show,
    async save(rows) {
      if (keys.length > 0) throw new Error('the disk is full');
      keys.push(...rows.map(({ key }) => key));
    },
  });
  await assert.rejects(interrupted, /the disk is full/);
  assert.equal(keys.length, 500);
  assert.ok(existsSync(file));
  const save = async (rows) => keys.push(...rows.map(({ key }) => key));
  await backfill(session, ACCOUNT, { ...days, file, show, save });
  assert.ok(!existsSync(file), 'the next backfill begins at the start');
  const all = await session.transactions(ACCOUNT, days).all({ limit: 10_000 });
  assert.deepEqual(
    keys,
    all.map(({ key }) => key),
  );
  assert.deepEqual(
    parts,
    parts.toSorted((a, b) => a - b),
  );
  assert.equal(parts.at(-1), 1);
});

test('backfill: the progress bar in a terminal says that the rate limit is waited for', {
  skip: noTerminal,
}, async () => {
  const directory = join(folder, 'store');
  await james({ tokenStore: fileStore({ directory }) });
  const program = join(import.meta.dirname, 'backfill-program.mjs');
  // The window of the limit is ten seconds: the fourth page would have to wait, so there are three and a wait of the server's.
  const fault = faultsOn(sandbox, '/accounts/*/transactions').skip(1).tooManyRequests({ retryAfter: 1 });
  const args = [program, sandbox.baseUrl, directory, join(folder, 'program'), '2025-09-01', '2026-03-10'];
  const command = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null']);
  assert.ok(fault.hits > 0);
  assert.match(stdout, /\[#+-+\] \d+ %/);
  assert.match(stdout, /next attempt in \d+ s|next call at /);
  assert.match(stdout, /\[#{30}\] 100 % \r\n\d{3,} rows\r\n$/);
});

test('export: each transaction is a row of CSV with its exact amount, and no text is a formula', async (context) => {
  const { session } = await james();
  const file = join(folder, 'export.csv');
  await exportCsv(session, ACCOUNT, { ...days, dateFrom: '2026-01-01' }, file);
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  assert.equal(header, '"booking_date","status","amount","currency","name","details","key"');
  const all = await session.transactions(ACCOUNT, { ...days, dateFrom: '2026-01-01' }).all({ limit: 10_000 });
  assert.deepEqual(
    lines.map((line) => line.slice(1, -1).split('","')).map((cells) => [cells[2], cells.at(-1)]),
    all.map(({ key, transactionAmount }) => [transactionAmount.amount, key]),
  );
  const row = {
    status: 'booked',
    transaction_amount: { amount: '-1.10', currency: 'EUR' },
    creditor_name: '=1+1',
    remittance_information_unstructured: ['a "b"\r\n+c'],
  };
  const body = { account_id: ACCOUNT, transactions: [row], next_cursor: null };
  const fault = faultsOn(sandbox, '/accounts/*/transactions').answers(200, { body });
  context.after(() => sandbox.faults.remove(fault.id));
  await exportCsv(session, ACCOUNT, {}, file);
  assert.match(readFileSync(file, 'utf8'), /,"-1\.10","EUR","'=1\+1","a ""b""\r\n'\+c",/);
});

test('consent alert: names the customers whose consent ends soon, ended, or was revoked', async () => {
  const tokenStore = memoryStore();
  const events = [];
  const { client } = await james({ tokenStore, onEvent: consentEvents((consent) => events.push(consent)) });
  for (const key of ['soon', 'revoked']) {
    const { url, pending } = await client.beginAuthorization();
    await client.completeAuthorization(await approve(url, { user: 'james' }), pending, { key });
  }
  const alerts = async (options) => {
    const heard = [];
    await checkConsents(client, ['soon', 'revoked', 'nobody'], (alert) => heard.push(alert), options);
    return heard;
  };
  assert.deepEqual(await alerts({ days: 3 }), [{ key: 'nobody', daysLeft: 0 }]);
  assert.deepEqual(
    (await alerts()).map(({ key, daysLeft }) => [key, daysLeft]),
    [
      ['soon', 9],
      ['revoked', 9],
      ['nobody', 0],
    ],
  );
  assert.deepEqual(events, []);
  sandbox.consents.revoke(sandbox.consents.list().at(-1).id);
  assert.deepEqual(
    (await alerts()).find(({ key }) => key === 'revoked'),
    { key: 'revoked', daysLeft: 0 },
  );
  // Five days are left: a client that runs all the time hears of it with its next call.
  sandbox.consents.setExpiry(
    new Date(sandbox.clock.now() + 5.5 * 86_400_000),
    sandbox.consents.list().at(-2).id,
  );
  await (await client.session('soon')).accounts();
  assert.deepEqual(events, [{ key: 'soon', daysLeft: 5 }]);
});
