// What each package may hold when it is packed: everything that is named here, and nothing else.

const ENTRIES = ['index', 'node', 'redis', 'testing'].flatMap((name) =>
  ['js', 'cjs', 'd.ts', 'd.cts'].map((ending) => `${name}.${ending}`),
);

const CONTENTS = {
  '@oakford/aisp': {
    needed: [
      'LICENSE',
      'README.md',
      'THIRD-PARTY-LICENCES.txt',
      'package.json',
      'cli/aisp.js',
      'sdk.wasm',
      'standalone/index.js',
      'wasm/edge-light.js',
      'wasm/workerd.js',
      ...['inline', 'node', 'unpack', 'fapi', 'openid', 'psu', 'sync'].flatMap((name) => [
        `wasm/${name}.js`,
        `wasm/${name}.cjs`,
      ]),
      ...ENTRIES,
    ],
    // What the entries share or load when they need it, as the bundler cuts it.
    allowed: [/^[a-z-]+(-[\w-]{8})?\.(js|cjs|d\.ts|d\.cts)$/, /^standalone\/[a-z-]+(-[\w-]{8})?\.js$/],
  },
  '@oakford/aisp-sandbox': {
    needed: [
      'LICENSE',
      'README.md',
      'package.json',
      'bin/aisp-sandbox.js',
      'scenarios/schema.json',
      'src/testing.cjs',
      'src/testing.js',
      'types/testing.d.cts',
      'types/testing.d.ts',
    ],
    allowed: [
      /^src\/[\w/-]+\.c?js$/,
      /^types\/[\w-]+\.d\.c?ts$/,
      /^scenarios\/[\w-]+\.json$/,
      /^public\/[\w/-]+\.(css|js|html|svg)$/,
    ],
  },
};

/** What is wrong with the files of a packed package, in words. */
export function wrongContents(name, files) {
  const { needed, allowed } = CONTENTS[name];
  const extra = files.filter(
    (file) => !needed.includes(file) && !allowed.some((pattern) => pattern.test(file)),
  );
  const missing = needed.filter((file) => !files.includes(file));
  return [
    ...extra.map((file) => `${name} holds ${file}, which scripts/contents.mjs does not allow.`),
    ...missing.map((file) => `${name} lacks ${file}.`),
  ];
}
