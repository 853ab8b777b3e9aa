// Builds the npm package into pkg/: wasm, glue, types, entries. `node scripts/build.mjs` does nothing where nothing changed.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint, WASM_INPUTS } from './fingerprint.mjs';
import { wrapGlue } from './glue.mjs';
import { orderOf } from './inline.mjs';
import { literal, pack } from './pack.mjs';
import { writeStandalone } from './standalone.mjs';
import { main, root, run, step } from './step.mjs';
import { CARGO_ARGS, cargoEnv, STRIP_ARGS, WASM_OPT_ARGS } from './wasm.mjs';

const at = (...parts) => join(root, ...parts);
const bindings = at('target', 'wasm-pack');
// What is loaded at the start and the parts, and the same with names, in which a trap's place can be looked up.
const modules = join(bindings, 'modules');
const named = join(bindings, 'named');
const generated = at('pkg-template', 'src', 'generated');
const pkg = at('pkg');

/** What the package is made from. */
const INPUTS = [
  ...WASM_INPUTS,
  'pkg-template',
  'scripts/build.mjs',
  'scripts/glue.mjs',
  'scripts/inline.mjs',
  'scripts/pack.mjs',
  'scripts/split.mjs',
  'scripts/standalone.mjs',
  'LICENSE',
  'package-lock.json',
  'tsdown.config.mjs',
  'tsconfig.json',
];

/** Builds what changed since the last build. */
export async function build() {
  const stamp = at('target', 'pkg.stamp');
  const now = fingerprint(INPUTS);
  if (existsSync(join(pkg, 'index.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now)
    return link();
  await step('Making types and row builders from the Rust models', models);
  await step('Compiling the core to WebAssembly (a minute the first time)', wasm);
  await step('Bundling the package into pkg/', bundle);
  writeFileSync(stamp, now);
  link();
}

async function models() {
  await run('cargo', ['run', '--quiet', '--bin', 'generate', '--', generated]);
  const { version } = JSON.parse(readFileSync(at('pkg-template', 'package.json'), 'utf8'));
  writeFileSync(
    join(generated, 'version.ts'),
    `/** This package's version. */\nexport const VERSION = '${version}';\n`,
  );
}

async function wasm() {
  await run(
    'wasm-pack',
    [
      'build',
      root,
      '--mode',
      'no-install',
      '--target',
      'web',
      '--no-pack',
      '--out-dir',
      bindings,
      '--out-name',
      'core',
      '--',
      ...CARGO_ARGS,
    ],
    { extraEnv: cargoEnv() },
  );
  const core = join(bindings, 'core_bg.wasm');
  const whole = join(bindings, 'whole.wasm');
  await run('wasm-opt', [...WASM_OPT_ARGS, ...STRIP_ARGS, core, '-o', whole]);
  const unmerged = join(bindings, 'unmerged.wasm');
  await run('wasm-opt', [
    ...WASM_OPT_ARGS,
    '--skip-pass=duplicate-function-elimination',
    '-g',
    core,
    '-o',
    unmerged,
  ]);
  const glue = wrapGlue(readFileSync(join(bindings, 'core.js'), 'utf8'));
  // Only now: it needs an npm package, and on a fresh machine those are installed after this file is loaded.
  const { renamed, split } = await import('./split.mjs');
  writeFileSync(join(bindings, 'sdk.wasm'), renamed(readFileSync(whole), glue.imports));
  for (const folder of [modules, named]) mkdirSync(folder, { recursive: true });
  for (const [name, written] of Object.entries(split(readFileSync(unmerged), glue.imports))) {
    writeFileSync(join(modules, `${name}.wasm`), written.bytes);
    writeFileSync(join(named, `${name}.wasm`), written.named);
  }
  writeFileSync(join(generated, 'glue.js'), glue.code);
  writeFileSync(join(generated, 'glue.d.ts'), glue.types);
  cpSync(join(bindings, 'core.d.ts'), join(generated, 'bindings.d.ts'));
}

async function bundle() {
  rmSync(pkg, { recursive: true, force: true });
  await run('tsdown', ['--config', 'tsdown.config.mjs']);
  cpSync(join(bindings, 'sdk.wasm'), join(pkg, 'sdk.wasm'));
  cpSync(at('pkg-template', 'wasm'), join(pkg, 'wasm'), { recursive: true });
  writeInline();
  for (const name of ['package.json', 'README.md', 'THIRD-PARTY-LICENCES.txt'])
    cpSync(at('pkg-template', name), join(pkg, name));
  cpSync(at('LICENSE'), join(pkg, 'LICENSE'));
  writeStandalone(pkg);
}

/** Writes the wasm into the modules that carry it: what is loaded at the start, and a module for each part. */
function writeInline() {
  const wasm = Object.fromEntries(
    readdirSync(modules).map((file) => [file.replace('.wasm', ''), readFileSync(join(modules, file))]),
  );
  const packed = Object.fromEntries(Object.entries(wasm).map(([name, bytes]) => [name, pack(bytes)]));
  const order = orderOf(packed.first.bytes);
  const literalOf = (name) => literal(wasm[name], packed[name], order);
  const read = (name) => readFileSync(join(pkg, 'wasm', `${name}.js`), 'utf8');
  const write = (name, code) => {
    writeFileSync(join(pkg, 'wasm', `${name}.js`), code);
    writeFileSync(join(pkg, 'wasm', `${name}.cjs`), asCommonJs(code));
  };
  write('unpack', read('unpack'));
  const whole = readFileSync(join(pkg, 'sdk.wasm')).toString('base64');
  write('node', read('node').replace('__BASE64__', whole));
  const inline = read('inline').replace('__FIRST__', () => literalOf('first'));
  write('inline', inline.replace('__ORDER__', order.join()));
  const { first, ...parts } = packed;
  for (const name of Object.keys(parts)) write(name, `export default ${literalOf(name)};\n`);
}

/** The same module for `require`, as far as those in `pkg-template/wasm` need it. */
function asCommonJs(code) {
  const names = Array.from(code.matchAll(/^export (?:const|function) (\w+)/gm), (match) => match[1]);
  const body = code
    .replace(/^import (\{.*\}) from '(.*)\.js';$/gm, "const $1 = require('$2.cjs');")
    .replace(/import\('(.*)\.js'\)/g, "Promise.resolve({ default: require('$1.cjs') })")
    .replace(/^export default/m, 'module.exports =')
    .replace(/^export /gm, '');
  return names.length > 0 ? `${body}\nmodule.exports = { ${names.join(', ')} };\n` : body;
}

/** Tests and examples import the package by its name; npm links that to the sources, where nothing is built. */
function link() {
  const place = at('node_modules', '@oakford', 'aisp');
  if (existsSync(place) && realpathSync(place) === realpathSync(pkg)) return;
  mkdirSync(at('node_modules', '@oakford'), { recursive: true });
  rmSync(place, { force: true });
  symlinkSync(pkg, place, 'junction');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    await build();
    console.log('The package is in pkg/.');
  });
}
