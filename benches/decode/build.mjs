// Builds the decoder alone, wasm and builders, into a folder of target/bench-decode that is named by its sources: for benches and tests.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { fingerprint, WASM_INPUTS } from '../../scripts/fingerprint.mjs';
import { CARGO_ARGS, cargoEnv, STRIP_ARGS, WASM_OPT_ARGS } from '../../scripts/wasm.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

const builds = join(target, 'bench-decode');

/** Builds what is not built from the present sources yet; returns the folder. */
export function build() {
  const name = fingerprint([...WASM_INPUTS, 'pkg-template/src', 'benches/decode/build.mjs']);
  const out = join(builds, name);
  if (existsSync(out)) return out;
  // Test files run side by side, so that each builds in a folder of its own and the first one to end gives the result.
  const own = `${out}.${process.pid}`;
  buildWasm(own);
  buildBuilders(own);
  for (const other of readdirSync(builds)) if (!other.startsWith(name)) remove(join(builds, other));
  if (existsSync(out)) remove(own);
  else renameSync(own, out);
  return out;
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}

function buildWasm(out) {
  const wasm = join(target, 'wasm32-unknown-unknown/release/oakford_aisp.wasm');
  const args = ['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown', '--features', 'bench'];
  run('cargo', [...args, ...CARGO_ARGS], cargoEnv());
  run('wasm-bindgen', [
    wasm,
    '--target',
    'web',
    '--omit-default-module-path',
    '--no-typescript',
    '--out-dir',
    out,
  ]);
  const bound = join(out, 'oakford_aisp_bg.wasm');
  run(join(root, 'node_modules/.bin/wasm-opt'), [...WASM_OPT_ARGS, ...STRIP_ARGS, bound, '-o', bound]);
}

function buildBuilders(out) {
  const source = join(root, 'pkg-template/src');
  run('cargo', ['run', '--quiet', '--bin', 'generate', '--', join(source, 'generated')]);
  for (const file of ['tape.ts', 'generated/messages.ts', 'generated/rows.ts', 'generated/words.ts']) {
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
      },
    });
    const place = join(out, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, outputText);
  }
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
}

/** Copies the scripts that browsers run into the folder of the built files. */
export function copyScripts(out) {
  const scripts = join(root, 'benches/decode');
  for (const file of readdirSync(scripts)) cpSync(join(scripts, file), join(out, file));
}

function run(command, args, extraEnv) {
  if (command.includes('/') && !existsSync(command)) throw new Error(`${command} is missing: run npm ci`);
  execFileSync(command, args, {
    cwd: root,
    env: { ...process.env, ...extraEnv },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(build());
