/** Nothing needs `free()`: what an application drops is given back. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MB = 1_000_000;

test('100,000 clients, sessions and pages that were made and dropped leave nothing behind', async () => {
  const script = join(import.meta.dirname, 'dropped.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  const lines = stdout.trim().split('\n').map(JSON.parse);
  const [first, last] = [lines[0], lines.at(-1)];
  assert.deepEqual([first[0], last[0]], [10_000, 100_000]);
  assert.ok(last[1] - first[1] <= 0.5 * MB, `wasm memory grows: ${stdout}`);
  assert.ok(last[2] - first[2] <= 2 * MB, `the heap grows: ${stdout}`);
});
