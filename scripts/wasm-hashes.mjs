// Says which wasm a package carries: each release publishes the list, and `node scripts/wasm-hashes.mjs FOLDER` prints that of an
// installed package, whose wasm is text mostly. The two are equal if the package carries what the release built.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, main } from './step.mjs';

/** The files in a package's `wasm/` that are no lazy module. */
const OTHERS = ['edge-light', 'inline', 'node', 'unpack', 'workerd'];

/**
 * Returns the SHA-256 of the modules that a build made, before they became text.
 * @param {string} checkout the repository's root, with a release build
 */
export function builtHashes(checkout) {
  const bindings = join(checkout, 'target', 'wasm-pack');
  const modules = readdirSync(join(bindings, 'modules')).sort();
  return {
    'sdk.wasm': sha256(readFileSync(join(bindings, 'sdk.wasm'))),
    ...Object.fromEntries(
      modules.map((name) => [name, sha256(readFileSync(join(bindings, 'modules', name)))]),
    ),
  };
}

/**
 * Returns the SHA-256 of the modules that a package gives to `WebAssembly.compile`, by the package's own code.
 * @param {string} pkg the package's folder
 * @param {'js' | 'cjs'} ending which of its two forms is read
 */
export async function packageHashes(pkg, ending = 'js') {
  const wholeFile = sha256(readFileSync(join(pkg, 'sdk.wasm')));
  const [whole, inline] = await Promise.all(['node', 'inline'].map((name) => load(pkg, `${name}.${ending}`)));
  const hashes = { 'sdk.wasm': await compiled(() => whole()) };
  if (hashes['sdk.wasm'] !== wholeFile)
    throw new Failure(`wasm/node.${ending} carries other wasm than sdk.wasm.`);
  hashes['first.wasm'] = await compiled(() => inline());
  for (const name of lazyModules(pkg, ending)) hashes[`${name}.wasm`] = await compiled(() => inline(name));
  return hashes;
}

function lazyModules(pkg, ending) {
  const files = readdirSync(join(pkg, 'wasm')).filter((file) => extname(file) === `.${ending}`);
  return files.map((file) => basename(file, `.${ending}`)).filter((name) => !OTHERS.includes(name));
}

/** The list as text, in the form of `sha256sum`. */
export const listOf = (hashes) =>
  Object.keys(hashes)
    .sort()
    .map((name) => `${hashes[name]}  ${name}\n`)
    .join('');

async function load(pkg, file) {
  const path = resolve(pkg, 'wasm', file);
  if (file.endsWith('.cjs')) return createRequire(path)(path);
  return (await import(pathToFileURL(path).href)).default;
}

/** The hash of what `work` compiles. */
async function compiled(work) {
  const { compile } = WebAssembly;
  let hash;
  WebAssembly.compile = async (bytes) => {
    hash = sha256(bytes);
  };
  try {
    await work();
  } finally {
    WebAssembly.compile = compile;
  }
  return hash;
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    const folder = process.argv[2];
    if (!folder) throw new Failure('Usage: node scripts/wasm-hashes.mjs node_modules/@oakford/aisp');
    process.stdout.write(listOf(await packageHashes(folder)));
  });
}
