// The Node quickstarts run as their readers run them, and print accounts and transactions.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startSandbox } from '../support/sandbox.mjs';

const ACCOUNTS = ['Classic Account', 'Travel Credit Card', 'Mortgage, 4 Quayside Row'];
// These programs read today's date: their whole process is set to the day of the sandbox.
const TODAY = process.env.AISP_SANDBOX_NOW;
const PRELOAD = pathToFileURL(join(import.meta.dirname, '..', 'support', 'shifted-date.mjs')).href;
const DAY = { SHIFTED_DATE: TODAY, NODE_OPTIONS: `--import=${PRELOAD}` };
const ROW = /^(?:pending|\d{4}-\d\d-\d\d) +-?\d+\.\d\d GBP {2}\S/;

const pathOf = (name) => fileURLToPath(new URL(`../../examples/node/${name}`, import.meta.url));

async function run(name, env = {}) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [pathOf(name)], {
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  return stdout;
}

for (const name of ['quickstart.mjs', 'quickstart.cjs']) {
  it(`${name} lists accounts and a month of transactions`, async () => {
    const blocks = (await run(name, TODAY ? DAY : {})).trim().split('\n\n');
    assert.equal(blocks.length, ACCOUNTS.length);
    const earliest = new Date(Date.parse(TODAY || new Date()) - 31 * 86_400_000).toISOString().slice(0, 10);
    for (const [index, block] of blocks.entries()) {
      const [title, balance, ...rows] = block.split('\n');
      assert.ok(title.startsWith(ACCOUNTS[index]), title);
      assert.match(balance, /^balance +-?\d+\.\d\d GBP$/);
      assert.ok(rows.length > 0);
      for (const row of rows) {
        assert.match(row, ROW);
        assert.ok(row > earliest, row);
      }
      assert.equal(new Set(rows.map((row) => row.indexOf(' GBP'))).size, 1, 'the amounts are aligned');
    }
  });

  it(`${name} uses the sandbox that OAKFORD_BASE_URL names`, async (test) => {
    const sandbox = await startSandbox({ rateLimit: false });
    test.after(() => sandbox.close());
    await run(name, { OAKFORD_BASE_URL: sandbox.baseUrl });
    assert.ok(sandbox.requests.count({ path: '/aisp/v1/accounts', status: 200 }) > 0);
  });
}

it('quickstart.mjs has at most 40 lines', () => {
  assert.ok(readFileSync(pathOf('quickstart.mjs'), 'utf8').trimEnd().split('\n').length <= 40);
});
