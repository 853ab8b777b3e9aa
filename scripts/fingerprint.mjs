// Hashes what a build is made from, so that a build runs only if something changed.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './step.mjs';

/** What cargo writes into the sources while it builds. */
const GENERATED = join(root, 'pkg-template', 'src', 'generated');

/** What decides on the wasm. */
export const WASM_INPUTS = [
  'Cargo.toml',
  'Cargo.lock',
  '.cargo',
  'rust-toolchain.toml',
  'src',
  'scripts/wasm.mjs',
];

/**
 * Returns the hash of files and folders, by their paths and contents.
 * @param {string[]} inputs relative to the repository
 */
export function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs)
    for (const file of filesOf(input)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesOf(path) {
  const whole = join(root, path);
  if (whole === GENERATED) return [];
  if (!lstatSync(whole).isDirectory()) return [path];
  return readdirSync(whole)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
