// How Rust becomes wasm, for the package and for benches of its decoder alike: flags for the size of what is sent, and nothing of this machine in it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, root } from './step.mjs';

/** For `cargo build`, after its other arguments. */
export const CARGO_ARGS = ['-Zbuild-std=std,panic_abort', '-Zbuild-std-features=optimize_for_size'];

/** Larger functions with one caller stay functions: that is larger, and 2 % smaller once compressed. */
export const ONE_CALLER_INLINE_MAX = 15;

/** For `wasm-opt`, before the file. */
export const WASM_OPT_ARGS = ['-Oz', `--one-caller-inline-max-function-size=${ONE_CALLER_INLINE_MAX}`];

/** Besides, where names are of no use any more. */
export const STRIP_ARGS = ['--strip-debug', '--strip-producers'];

/**
 * Returns the programs that make the glue (`core.js`) and the wasm in a folder, in the order in which they run.
 * `dev`: one module (`core_bg.wasm`), with stable options of the compiler alone and nothing that optimises the whole module.
 * Otherwise: what ships as one module (`whole.wasm`), and what `split.mjs` splits (`unmerged.wasm`).
 */
export function wasmCommands(folder, dev) {
  const wasmPack = (profile, ...cargoArgs) => [
    ...['build', root, ...profile, '--mode', 'no-install', '--target', 'web', '--no-pack'],
    ...['--out-dir', folder, '--out-name', 'core', '--', ...cargoArgs],
  ];
  if (dev) return [{ command: 'wasm-pack', args: wasmPack(['--profile', 'wasm-dev']), extraEnv: {} }];
  const core = join(folder, 'core_bg.wasm');
  const wasmOpt = (name, ...args) => ({
    command: 'wasm-opt',
    args: [...WASM_OPT_ARGS, ...args, core, '-o', join(folder, name)],
    extraEnv: {},
  });
  return [
    { command: 'wasm-pack', args: wasmPack([], ...CARGO_ARGS), extraEnv: cargoEnv() },
    wasmOpt('whole.wasm', ...STRIP_ARGS),
    wasmOpt('unmerged.wasm', '--skip-pass=duplicate-function-elimination', '-g'),
  ];
}

/** What cargo's environment needs besides. */
export function cargoEnv() {
  const config = readFileSync(join(root, '.cargo', 'config.toml'), 'utf8');
  const flags = JSON.parse(/rustflags = (\[.*\])/.exec(config)?.[1] ?? '[]');
  // A panic traps at once: no message is made, and no code for messages is carried.
  const immediateAbort = ['-Zunstable-options', '-Cpanic=immediate-abort'];
  // The split identifies functions by their names; equal ones are merged after it.
  const unmerged = ['-Zmerge-functions=disabled'];
  // Small functions go into their callers before the moves of values are optimised, which builds for size leave out.
  const inlined = ['-Zinline-mir=yes'];
  return {
    // What builds the standard library for size is unstable still: docs/decisions.md has the figure.
    RUSTC_BOOTSTRAP: '1',
    CARGO_ENCODED_RUSTFLAGS: [...flags, ...immediateAbort, ...unmerged, ...inlined, ...remaps()].join('\x1f'),
  };
}

/** Whatever names source files names not those of the machine that built it, so that any two builds are equal. */
function remaps() {
  const rustc = (...args) => execFileSync('rustc', args, { cwd: root, env, encoding: 'utf8' });
  const commit = /commit-hash: (\w+)/.exec(rustc('-vV'))?.[1];
  const folders = {
    [root]: '.',
    [process.env.CARGO_HOME ?? join(homedir(), '.cargo')]: 'cargo',
    // What the standard library's paths are where its source is not installed.
    [join(rustc('--print', 'sysroot').trim(), 'lib', 'rustlib', 'src', 'rust')]: `/rustc/${commit}`,
  };
  return Object.entries(folders).flatMap(([from, to]) => ['--remap-path-prefix', `${from}=${to}`]);
}
