/** The types keep the promises of the profiles: a weaker configuration does not compile, and the compiler names each mistake. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const tsc = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
const at = (name) => join(import.meta.dirname, name);

/** What the compiler says of a file. */
function compiled(file, ...more) {
  const flags = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, ...flags, ...more, at(file)], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

test('key-authentication, bound-tokens: the profile fapi2 has no secret, no public client and no unbound token, by its types', () => {
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    assert.equal(compiled('profiles.ts', '--module', module, '--moduleResolution', resolution), '');
  }
});

test('types: a mistake in plain options does not mention fapi2, and a mistake in fapi2 names the member', () => {
  // The compiler's next version orders unions by name, which has to come to the same.
  for (const order of [[], ['--stableTypeOrdering']]) {
    const mistakes = compiled('mistakes.ts', '--module', 'nodenext', ...order).split(/^(?=\S)/m);
    const lines = readFileSync(at('mistakes.ts'), 'utf8').split('\n');
    const expected = lines.flatMap((line, index) =>
      line.startsWith('// says: ') ? [{ words: line.slice(9), code: lines[index + 1], at: index + 2 }] : [],
    );
    assert.equal(mistakes.length, expected.length, mistakes.join(''));
    for (const [index, { words, code, at }] of expected.entries()) {
      assert.match(mistakes[index], new RegExp(`mistakes\\.ts\\(${at},`));
      assert.ok(mistakes[index].includes(words), `${words}\n${mistakes[index]}`);
      if (!code.includes('fapi2')) assert.doesNotMatch(mistakes[index], /fapi2/i);
    }
  }
});
