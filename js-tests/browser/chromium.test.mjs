// Finding a browser: by name on the PATH, by its path, or with a sentence that says how to get one.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { findChromium } from './chromium.mjs';

it('finds a browser on the PATH, and prefers one that is named', (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'google-chrome');
  writeFileSync(program, '');
  chmodSync(program, 0o755);
  assert.equal(findChromium({ PATH: folder }), program);
  assert.equal(findChromium({ PATH: '', CHROME_PATH: program }), program);
});

it('says in one sentence how to get a browser where there is none', () => {
  assert.throws(() => findChromium({ PATH: '/nowhere' }), /^Error: The browser tests need .+\.$/);
  assert.throws(
    () => findChromium({ PATH: '', CHROMIUM_PATH: '/nowhere/chromium' }),
    /which is no program\.$/,
  );
});
