// Builds the npm package into pkg/: wasm, glue, types, entries. `node scripts/build.mjs` does nothing where nothing changed.
// With `--dev` it is built in seconds and works the same, but it is neither small nor fast: one wasm module, optimised little.
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
import { Failure, main, root, run, step } from './step.mjs';
import { wasmCommands } from './wasm.mjs';

const at = (...parts) => join(root, ...parts);
const bindings = at('target', 'wasm-pack');
const devBindings = at('target', 'wasm-pack-dev');
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

/** The options of the command line. */
export function optionsOf(args) {
  const unknown = args.find((arg) => arg !== '--dev');
  if (unknown !== undefined)
    throw new Failure(`There is no option '${unknown}': the build takes --dev or nothing.`);
  return { dev: args.includes('--dev') };
}

/** The text by which a later build sees that it has nothing to do: packages of the two kinds are never taken for one another. */
export const stampOf = (dev, inputs) => (dev ? `dev ${inputs}` : inputs);

/** Builds what changed since the last build. */
export async function build({ dev = false } = {}) {
  const stamp = at('target', 'pkg.stamp');
  const now = stampOf(dev, fingerprint(INPUTS));
  if (existsSync(join(pkg, 'index.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now)
    return link();
  await step('Making types and row builders from the Rust models', models);
  await step('Compiling the core to WebAssembly (a minute the first time)', dev ? devWasm : wasm);
  await step('Bundling the package into pkg/', () => bundle(dev));
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
  await runAll(wasmCommands(bindings, false));
  const glue = wrapGlue(readFileSync(join(bindings, 'core.js'), 'utf8'));
  // Only now: it needs an npm package, and on a fresh machine those are installed after this file is loaded.
  const { renamed, split } = await import('./split.mjs');
  writeFileSync(
    join(bindings, 'sdk.wasm'),
    renamed(readFileSync(join(bindings, 'whole.wasm')), glue.imports),
  );
  const written = Object.entries(split(readFileSync(join(bindings, 'unmerged.wasm')), glue.imports));
  writeModules(modules, Object.fromEntries(written.map(([name, { bytes }]) => [name, bytes])));
  writeModules(named, Object.fromEntries(written.map(([name, { named }]) => [name, named])));
  writeGlue(bindings, glue);
}

/** Fills a folder with these modules and nothing else: one that an earlier build had would be packed too. */
export function writeModules(folder, modules) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(modules)) writeFileSync(join(folder, `${name}.wasm`), bytes);
}

async function devWasm() {
  await runAll(wasmCommands(devBindings, true));
  writeGlue(devBindings, wrapGlue(readFileSync(join(devBindings, 'core.js'), 'utf8'), { keepNames: true }));
}

async function runAll(commands) {
  for (const { command, args, extraEnv } of commands) await run(command, args, { extraEnv });
}

function writeGlue(folder, { code, types }) {
  writeFileSync(join(generated, 'glue.js'), code);
  writeFileSync(join(generated, 'glue.d.ts'), types);
  cpSync(join(folder, 'core.d.ts'), join(generated, 'bindings.d.ts'));
}

async function bundle(dev) {
  rmSync(pkg, { recursive: true, force: true });
  await run('tsdown', ['--config', 'tsdown.config.mjs']);
  cpSync(dev ? join(devBindings, 'core_bg.wasm') : join(bindings, 'sdk.wasm'), join(pkg, 'sdk.wasm'));
  cpSync(at('pkg-template', 'wasm'), join(pkg, 'wasm'), { recursive: true });
  writeWasmTexts(dev);
  for (const name of ['package.json', 'README.md', 'THIRD-PARTY-LICENCES.txt'])
    cpSync(at('pkg-template', name), join(pkg, name));
  cpSync(at('LICENSE'), join(pkg, 'LICENSE'));
  writeStandalone(pkg);
}

/** Writes the wasm into the modules that carry it as text. */
function writeWasmTexts(dev) {
  write('unpack', read('unpack'));
  const whole = readFileSync(join(pkg, 'sdk.wasm')).toString('base64');
  const node = read('node').replace('__BASE64__', whole);
  write('node', node);
  // The whole wasm loads no parts.
  if (dev) write('inline', node);
  else writeInline();
}

/** Writes what browsers load: a module with what is loaded at the start, and one for each part. */
function writeInline() {
  const wasm = Object.fromEntries(
    readdirSync(modules).map((file) => [file.replace('.wasm', ''), readFileSync(join(modules, file))]),
  );
  const packed = Object.fromEntries(Object.entries(wasm).map(([name, bytes]) => [name, pack(bytes)]));
  const order = orderOf(packed.first.bytes);
  const literalOf = (name) => literal(wasm[name], packed[name], order);
  const inline = read('inline').replace('__FIRST__', () => literalOf('first'));
  write('inline', inline.replace('__ORDER__', order.join()));
  const { first, ...parts } = packed;
  for (const name of Object.keys(parts)) write(name, `export default ${literalOf(name)};\n`);
}

const read = (name) => readFileSync(join(pkg, 'wasm', `${name}.js`), 'utf8');

function write(name, code) {
  writeFileSync(join(pkg, 'wasm', `${name}.js`), code);
  writeFileSync(join(pkg, 'wasm', `${name}.cjs`), asCommonJs(code));
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
    const options = optionsOf(process.argv.slice(2));
    await build(options);
    console.log(`The package is in pkg/${options.dev ? ', as a dev build' : ''}.`);
  });
}
