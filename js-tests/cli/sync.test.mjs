/** `aisp sync`: prints what changed since the last sync, and moves the checkpoint only when the rows are printed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../support/machine.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { aisp, aispThrough, storeSession } from './command.mjs';

const DAY_MS = 86_400_000;
const sandbox = await sandboxForFile();
const store = temporaryFolder();
const args = ['--base-url', sandbox.baseUrl, '--client-id', sandbox.clients.web.clientId, '--store', store];
const session = await storeSession(sandbox, store, 'james');

const PRELOAD = pathToFileURL(join(import.meta.dirname, '..', 'support', 'shifted-date.mjs')).href;
/** The SDK reads back from its own today: the process of the command is set to the day of the sandbox. */
const today = () => ({
  SHIFTED_DATE: new Date(sandbox.clock.now()).toISOString(),
  NODE_OPTIONS: `--import=${PRELOAD}`,
});

async function sync() {
  const { code, stdout, stderr } = await aisp(['sync', '--json', ...args], today());
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

test('sync: prints everything first, then nothing, then what changed, as one applies it to a copy', async () => {
  // A reader that takes one byte only: what it did not get comes again.
  const cut = await aispThrough(['sync', '--json', ...args], 'head -c 1 > /dev/null', today());
  assert.equal(cut.code, 0, cut.stderr);

  const copy = new Map();
  const apply = (changes) => {
    for (const { change, key } of changes) if (change === 'removed') assert.ok(copy.delete(key), key);
    for (const { change, key, ...row } of changes) if (change !== 'removed') copy.set(key, row);
  };
  const first = await sync();
  assert.ok(first.length > 1000 && first.every(({ change }) => change === 'added'));
  apply(first);
  assert.deepEqual(await sync(), []);

  sandbox.clock.advance(3 * DAY_MS);
  const later = await sync();
  const kinds = new Set(later.map(({ change }) => change));
  assert.ok(kinds.has('added'), `${[...kinds]}`);
  apply(later);
  const expected = new Map();
  for await (const { accountId } of session.accounts())
    for await (const { key, ...row } of session.transactions(accountId))
      expected.set(key, JSON.parse(JSON.stringify({ accountId, ...row })));
  assert.deepEqual(copy, expected);
});

test('sync: a CSV row says what changed, and the key that took the place of a removed one', async () => {
  sandbox.clock.advance(3 * DAY_MS);
  const { stdout } = await aisp(['sync', 'acc_james_current', '--csv', ...args], today());
  const [header, ...rows] = stdout.trimEnd().split('\r\n');
  assert.match(header, /^change,account_id,key,replaced_by,status,booking_date,/);
  assert.ok(rows.length > 0);
  for (const row of rows) assert.match(row, /^(added|updated|removed),acc_james_current,/);
});
