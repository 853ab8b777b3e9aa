// How pkg-template/src becomes the package's entries: ESM and CommonJS, each with its own types.
import { defineConfig } from 'tsdown';

const shared = {
  outDir: 'pkg',
  target: 'es2022',
  fixedExtension: false,
  // Readable: a stack trace shows its line, and applications minify what they bundle.
  minify: false,
  treeshake: true,
  clean: false,
  hash: false,
  logLevel: 'warn',
  tsconfig: 'tsconfig.json',
};

const entries = defineConfig({
  ...shared,
  entry: Object.fromEntries(
    ['index', 'node', 'redis', 'testing'].map((name) => [name, `pkg-template/src/${name}.ts`]),
  ),
  format: ['esm', 'cjs'],
  platform: 'neutral',
  external: ['#wasm', 'undici', /^node:/],
  dts: true,
  // A file of its own: in index.cjs, the helper for CommonJS would be among what the package exports.
  outputOptions: { codeSplitting: { groups: [{ name: 'rolldown-runtime', test: /rolldown.runtime/ }] } },
});

/** The entries that the command imports, as an application does. */
const PACKAGE = { '../index.js': '@oakford/aisp', '../node.js': '@oakford/aisp/node' };

// On its own, so that the entries share no file with it.
const command = defineConfig({
  ...shared,
  entry: { 'cli/aisp': 'pkg-template/src/cli/main.ts' },
  format: ['esm'],
  platform: 'node',
  target: 'node20',
  dts: false,
  plugins: [
    {
      name: 'import-the-package',
      resolveId: (id) => PACKAGE[id] && { id: PACKAGE[id], external: true },
    },
  ],
});

export default [entries, command];
