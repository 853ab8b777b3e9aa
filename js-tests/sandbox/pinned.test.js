// A run is the same run on every day: no test starts a sandbox that follows the machine's clock.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startSandbox } from '../support/sandbox.mjs';

const TESTS = join(import.meta.dirname, '..');
const DIRECT = /^import [^;]*\bstartSandbox\b[^;]*from '@oakford\/aisp-sandbox\/testing';/m;

/** The scripts below a folder; the bundlers' applications are no tests. */
function scripts(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'apps'].includes(entry.name) ? [] : scripts(path);
    return /\.m?js$/.test(entry.name) ? [path] : [];
  });
}

it('pinned clock: every test starts its sandbox by support/sandbox.mjs', () => {
  const direct = scripts(TESTS).filter((path) => DIRECT.test(readFileSync(path, 'utf8')));
  assert.deepEqual(
    direct.map((path) => relative(TESTS, path)),
    [join('support', 'sandbox.mjs')],
    'import startSandbox from js-tests/support/sandbox.mjs',
  );
});

it('pinned clock: a sandbox starts on the pinned day when the machine is on another', async (t) => {
  const { clock, close } = await startSandbox();
  t.after(close);
  const day = process.env.AISP_SANDBOX_NOW || new Date().toISOString();
  assert.equal(clock.today(), day.slice(0, 10));
});

it('shifted date: a process started with it is on that day, with Date as it was otherwise', () => {
  const program = `
    const now = new Date();
    const copy = structuredClone(now);
    console.log(JSON.stringify([now, Date.now() - now, now instanceof Date, copy instanceof Date,
      new Date(0), Date.UTC(2026, 0), class extends Date {}.prototype instanceof Date]));`;
  const preload = pathToFileURL(join(TESTS, 'support', 'shifted-date.mjs')).href;
  const output = execFileSync(
    process.execPath,
    [`--import=${preload}`, '--input-type=module', '-e', program],
    {
      encoding: 'utf8',
      env: { ...process.env, SHIFTED_DATE: '2028-02-29T12:00:00Z' },
    },
  );
  const [now, age, ...others] = JSON.parse(output);
  assert.equal(now.slice(0, 13), '2028-02-29T12');
  assert.ok(age >= 0 && age < 1000);
  assert.deepEqual(others, [true, true, '1970-01-01T00:00:00.000Z', Date.UTC(2026, 0), true]);
});
