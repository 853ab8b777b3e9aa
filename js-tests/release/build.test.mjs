/** The build's two kinds: what each runs, and that one is never taken for the other. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { optionsOf, stampOf, writeModules } from '../../scripts/build.mjs';
import { wasmCommands } from '../../scripts/wasm.mjs';

/** Everything that a command passes on: arguments and environment. */
const passedOn = ({ args, extraEnv }) =>
  [...args, ...Object.entries(extraEnv).map((entry) => entry.join('='))].join('\n');
/** An option of cargo or rustc that stable toolchains reject, and what makes them accept it. */
const UNSTABLE = /^-Z|-Z\w|RUSTC_BOOTSTRAP|build-std/m;

test('build: needs no unstable option and no wasm-opt when it is called with --dev', () => {
  const commands = wasmCommands('folder', optionsOf(['--dev']).dev);
  assert.deepEqual(
    commands.map(({ command }) => command),
    ['wasm-pack'],
  );
  assert.doesNotMatch(passedOn(commands[0]), UNSTABLE);
  assert.match(passedOn(commands[0]), /^--profile\nwasm-dev$/m);
});

test('build: optimises for size when it is called without --dev', () => {
  const commands = wasmCommands('folder', optionsOf([]).dev);
  assert.deepEqual(
    commands.map(({ command }) => command),
    ['wasm-pack', 'wasm-opt', 'wasm-opt'],
  );
  assert.match(passedOn(commands[0]), UNSTABLE);
});

test('build: names the option when it does not know it', () => {
  assert.throws(() => optionsOf(['--dev', '--release']), /^Error: There is no option '--release'/);
});

test('build: builds again when the package that stands there is of the other kind', () => {
  assert.notEqual(stampOf(true, 'inputs'), stampOf(false, 'inputs'));
});

test('build: removes a module when the lazy modules no longer have it', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'oakford-modules-'));
  t.after(() => rmSync(place, { recursive: true }));
  const folder = join(place, 'modules');
  writeModules(folder, { first: Uint8Array.of(1), gone: Uint8Array.of(2) });
  writeModules(folder, { first: Uint8Array.of(1), sync: Uint8Array.of(3) });
  assert.deepEqual(readdirSync(folder).sort(), ['first.wasm', 'sync.wasm']);
});
