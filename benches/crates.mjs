// Prints what each crate that the SDK could be made of weighs: wasm and glue, brotli, above a module that does nothing.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { main, root, run } from '../scripts/step.mjs';

const jobs = {
  'a token answer is read': ['own-json', 'serde-json'],
  'options are read': ['own-options', 'serde-wasm-bindgen'],
  'a request is sent': ['edge-fetch', 'web-sys-fetch', 'gloo-net'],
};

const target = join(root, 'target', 'crates');

async function weigh(feature) {
  const manifest = join(root, 'benches', 'crates', 'Cargo.toml');
  const features = feature ? ['--features', feature] : [];
  const extraEnv = { CARGO_TARGET_DIR: target };
  await run(
    'cargo',
    [
      'build',
      '--release',
      '--quiet',
      '--target',
      'wasm32-unknown-unknown',
      '--manifest-path',
      manifest,
      ...features,
    ],
    { extraEnv },
  );
  const out = join(target, feature ?? 'base');
  mkdirSync(out, { recursive: true });
  await run('wasm-bindgen', [
    '--target',
    'web',
    '--omit-default-module-path',
    '--out-dir',
    out,
    join(target, 'wasm32-unknown-unknown/release/crates.wasm'),
  ]);
  await run('wasm-opt', [
    '-Oz',
    '--strip-debug',
    '--strip-producers',
    join(out, 'crates_bg.wasm'),
    '-o',
    join(out, 'small.wasm'),
  ]);
  return brotli(join(out, 'small.wasm')) + brotli(join(out, 'crates.js'));
}

function brotli(file) {
  return brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

main(async () => {
  const base = await weigh();
  console.log(`a module that does nothing: ${(base / 1000).toFixed(1)} KB brotli\n`);
  for (const [job, features] of Object.entries(jobs)) {
    console.log(job);
    for (const feature of features) {
      console.log(`  ${feature.padEnd(20)} +${(((await weigh(feature)) - base) / 1000).toFixed(1)} KB`);
    }
  }
});
