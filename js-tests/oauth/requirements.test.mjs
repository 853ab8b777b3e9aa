/** docs/security.md says which tests show which line: each test has to be there, and no line may be without one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const rows = readFileSync(join(root, 'docs', 'security.md'), 'utf8').matchAll(
  /^\| ([FBIDWO]\d+) \| .+ \| (.+) \|$/gm,
);
const table = [...rows].map(([, line, files]) => [
  line,
  [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => file),
]);

const LINES = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 28, 29, 30, 31].map(
    (n) => `F${n}`,
  ),
  ...[2, 3, 5, 6, 7, 10, 13, 14, 16, 17, 19].map((n) => `B${n}`),
  ...[1, 2, 3].map((n) => `I${n}`),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => `D${n}`),
  ...[1, 4, 6, 9].map((n) => `W${n}`),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => `O${n}`),
];

test('every line has its row, in order', () => {
  assert.deepEqual(
    table.map(([line]) => line),
    LINES,
  );
});

test('every test that a row names is there', () => {
  for (const [line, files] of table) {
    const id = line.toLowerCase();
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      const named = file.endsWith('.rs')
        ? new RegExp(`fn ([a-z]\\d+_)*${id}_`)
        : new RegExp(`['"\`(, ]${id}[:,) ]`, 'i');
      assert.match(text, named, `${line} in ${file}`);
    }
  }
});
