/** The wasm that ships as text is the wasm that was built, of which each release publishes the hashes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAZY } from '../../scripts/split.mjs';
import { builtHashes, listOf, packageHashes } from '../../scripts/wasm-hashes.mjs';

const root = join(import.meta.dirname, '..', '..');
const built = builtHashes(root);

for (const ending of ['js', 'cjs']) {
  test(`wasm text (.${ending}): unpacks to the published hashes of the first module and each lazy module`, async () => {
    const hashes = await packageHashes(join(root, 'pkg'), ending);
    assert.deepEqual(hashes, built);
    const modules = ['first', 'sdk', ...Object.keys(LAZY)].map((name) => `${name}.wasm`);
    assert.deepEqual(Object.keys(hashes).sort(), modules.sort());
    assert.equal(new Set(Object.values(hashes)).size, modules.length);
  });
}

test('wasm-hashes: prints the published list for an installed package', () => {
  const args = ['scripts/wasm-hashes.mjs', 'node_modules/@oakford/aisp'];
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(printed, listOf(built));
  assert.match(printed, /^[0-9a-f]{64} {2}fapi\.wasm\n/);
});

test('wasm text: has another hash when one character of a lazy module differs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oakford-wasm-'));
  try {
    for (const name of ['package.json', 'sdk.wasm', 'wasm'])
      cpSync(join(root, 'pkg', name), join(folder, name), { recursive: true });
    const path = join(folder, 'wasm', 'sync.js');
    const code = readFileSync(path, 'utf8');
    // The last character is part of an operand, and unpacks to another number.
    const changed = code.replace(/(.)(' \};\s*)$/, (_, last, rest) => (last === 'a' ? 'b' : 'a') + rest);
    assert.notEqual(changed, code);
    writeFileSync(path, changed);
    const { 'sync.wasm': sync, ...others } = await packageHashes(folder);
    const { 'sync.wasm': builtSync, ...builtOthers } = built;
    assert.notEqual(sync, builtSync);
    assert.deepEqual(others, builtOthers);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
