// What a browser loads of a package: bundled and minified by esbuild as an application would, in brotli.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The bytes in brotli of an entry with `code`: what is loaded at first, and with all that may load later. */
export async function loaded(code) {
  const { files, outputs } = await bundle(code);
  const sizes = new Map(Array.from(files, ([path, contents]) => [path, brotli(contents)]));
  const sum = (paths) => [...paths].reduce((total, path) => total + sizes.get(path), 0);
  return { first: sum(atFirst(outputs)), all: sum(sizes.keys()) };
}

/** Bundles an entry with `code`: `files`, contents by path, and esbuild's account of them, `outputs`. */
export async function bundle(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'out',
    logLevel: 'error',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path.slice(root.length + 1), contents]));
  return { files, outputs: metafile.outputs };
}

/** The entry and what it imports other than by `import()`. */
function atFirst(outputs) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') visit(next);
  };
  visit(entryOf(outputs));
  return found;
}

/** The path of the entry. */
export const entryOf = (outputs) =>
  Object.keys(outputs).find((path) => outputs[path].entryPoint === '<stdin>');

/** The size of bytes in brotli at its best, as a server sends files that stay. */
export const brotli = (bytes) => brotliCompressSync(bytes).length;
