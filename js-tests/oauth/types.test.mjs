/** The types hold what the profiles promise: a weaker configuration does not compile. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const tsc = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');

test('f2, f1: the profile fapi2 has no secret, no public client and no unbound token, by its types', () => {
  const flags = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const target = ['--module', module, '--moduleResolution', resolution];
    try {
      execFileSync(process.execPath, [tsc, ...flags, ...target, join(import.meta.dirname, 'profiles.ts')], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      assert.fail(error.stdout);
    }
  }
});
