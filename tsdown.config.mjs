// How pkg-template/src becomes the package's entries: ESM and CommonJS, each with its own types.
import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: Object.fromEntries(
    ['index', 'node', 'redis', 'testing'].map((name) => [name, `pkg-template/src/${name}.ts`]),
  ),
  outDir: 'pkg',
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  fixedExtension: false,
  external: ['#wasm', 'undici', /^node:/],
  dts: true,
  // Readable: a stack trace shows its line, and applications minify what they bundle.
  minify: false,
  treeshake: true,
  clean: false,
  hash: false,
  // A file of its own: in index.cjs, the helper for CommonJS would be among what the package exports.
  outputOptions: { codeSplitting: { groups: [{ name: 'rolldown-runtime', test: /rolldown.runtime/ }] } },
  logLevel: 'warn',
  tsconfig: 'tsconfig.json',
});
