/** What the README states: its order and length, the status line, the figures. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './blocks.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const performance = read('docs/performance.md');
const manifest = JSON.parse(read('pkg-template/package.json'));

/** A section of a document, without its heading. */
function section(text, heading) {
  const [, rest] = text.split(`\n## ${heading}\n`);
  assert.notEqual(rest, undefined, heading);
  return rest.split('\n## ')[0];
}

const tableOf = (text) => text.split('\n').filter((line) => line.startsWith('|'));

test('README: is under 150 lines, in the order in which a reader asks', () => {
  assert.ok(readme.split('\n').length < 150, `${readme.split('\n').length} lines`);
  const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, [
    'Transactions in a minute',
    'How it works',
    'Why',
    'What it costs',
    'When not to use it',
    'Read on',
    'Work on it',
    'Licence and support',
  ]);
  assert.ok(readme.indexOf('npm install @oakford/aisp') < readme.indexOf('**Status**'));
});

test('README: status, licence and Node version are those of the package', () => {
  const [, status, licence, node] =
    /\*\*Status\*\* (\S+), .*\*\*Licence\*\* (\S+) .*Node\.js (\d+) and newer/.exec(readme);
  assert.equal(status, manifest.version.split('.').slice(0, 2).join('.'));
  assert.equal(readme.includes(', before 1.0'), manifest.version.startsWith('0.'));
  assert.equal(licence, manifest.license);
  assert.equal(`>=${node}`, manifest.engines.node);
});

test('README: each runtime that it names is among the tested ones', () => {
  const [, line] = /\*\*Runtimes\*\* (.+) \(\[tested\]/.exec(readme);
  const tested = tableOf(read('docs/runtimes.md')).join('\n');
  for (const runtime of line.replace(' 20 and newer', '').split(', '))
    assert.ok(tested.includes(runtime), runtime);
});

test('README: what it costs is what docs/performance.md says', () => {
  const table = tableOf(section(readme, 'What it costs'));
  assert.ok(table.length > 2);
  assert.deepEqual(table, tableOf(section(performance, 'In short')));
  // The sizes stand once more among all that `npm run size` prints.
  const sizes = section(performance, 'Download');
  for (const [, size] of table.join('\n').matchAll(/(\d+\.\d) KB/g)) {
    assert.match(sizes, new RegExp(`\\| ${size} \\|`), `${size} KB`);
  }
});

test('README: each row of "Why" names a test of this project that is there', () => {
  const rows = tableOf(section(readme, 'Why')).slice(2);
  assert.ok(rows.length > 4);
  for (const row of rows) {
    const [, here] = row.split(' | ');
    const tests = [...here.matchAll(/\]\((js-tests\/[^)]+)\)/g)].map(([, path]) => path);
    assert.notEqual(tests.length, 0, row);
    for (const path of tests) assert.match(read(path), /\b(?:test|it)\(/, path);
  }
});
