/** Whether every resolver finds the right file and the right types in what is published. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = join(import.meta.dirname, '..', '..');

for (const name of ['pkg', 'sandbox']) {
  const folder = join(root, name);

  test(`publint finds nothing to say about ${name}/`, async () => {
    const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    );
  });
}

test('Are The Types Wrong finds every entry right, in Node by import and require, and in bundlers', () => {
  const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  const flags = ['--pack', join(root, 'pkg'), '--format', 'ascii', '--no-emoji', '--no-color'];
  // It has no types: it is bytes.
  const bytes = ['--exclude-entrypoints', './sdk.wasm'];
  try {
    execFileSync(process.execPath, [attw, ...flags, ...bytes], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});
