// Sets up what a build needs and skips what is there: the wasm target, wasm-pack, wasm-bindgen, the npm packages.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, main, output, root, run, step } from './step.mjs';

const WASM_PACK = '0.15.1';

/** Brings the machine to where it can build. */
export async function setup() {
  checkNode();
  await checkRust();
  // npm waits for the network while cargo compiles.
  await Promise.all([npmPackages(), rustTools()]);
}

async function rustTools() {
  await wasmTarget();
  await standardLibrary();
  await wasmBindgen();
  await wasmPack();
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new Failure(
      `Node.js ${process.versions.node} is too old: install version 20 or newer (https://nodejs.org).`,
    );
}

async function checkRust() {
  if (!(await output('cargo', ['--version']))) {
    const named = /channel = "(.+)"/.exec(readFileSync(join(root, 'rust-toolchain.toml'), 'utf8'))?.[1];
    if (await output('rustup', ['--version'])) {
      await step(`Installing Rust ${named} (a minute, once)`, () =>
        run('rustup', ['toolchain', 'install', named]),
      );
    } else {
      throw new Failure(
        'Rust is missing: install rustup from https://rustup.rs, then run this command again.',
      );
    }
  }
}

async function wasmTarget() {
  const target = 'wasm32-unknown-unknown';
  const installed = await output('rustup', ['target', 'list', '--installed']);
  if (installed === undefined) {
    throw new Failure(
      `rustup is missing, which adds the target ${target}: install it from https://rustup.rs.`,
    );
  }
  if (!installed.includes(target))
    await step(`Adding the Rust target ${target}`, () => run('rustup', ['target', 'add', target]));
}

/** Its source, which is built for size together with the core. */
async function standardLibrary() {
  const installed = await output('rustup', ['component', 'list', '--installed']);
  if (!installed?.includes('rust-src'))
    await step("Adding the standard library's source", () => run('rustup', ['component', 'add', 'rust-src']));
}

/** The tool must be of the library's version, which Cargo.toml pins. */
async function wasmBindgen() {
  const version = /wasm-bindgen = "=(.+)"/.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))?.[1];
  if ((await output('wasm-bindgen', ['--version']))?.trim() === `wasm-bindgen ${version}`) return;
  // Without --locked: the tool's own lock file names a version that its registry has withdrawn.
  await step(`Installing wasm-bindgen ${version} (two minutes, once)`, () =>
    install(['wasm-bindgen-cli', '--version', version]),
  );
}

async function wasmPack() {
  if ((await output('wasm-pack', ['--version']))?.trim() === `wasm-pack ${WASM_PACK}`) return;
  await step(`Installing wasm-pack ${WASM_PACK} (a minute, once)`, () =>
    install(['wasm-pack', '--version', WASM_PACK, '--locked']),
  );
}

/** Compiles a tool without optimization: that takes less than half as long, and the tool runs for a second at each build. */
function install(tool) {
  return run('cargo', ['install', ...tool, '--debug', '--force', '--quiet'], {
    cwd: '/',
    extraEnv: { CARGO_PROFILE_DEV_DEBUG: 'false', CARGO_TARGET_DIR: join(root, 'target', 'tools') },
  });
}

/** Installs what a folder's lock file names, where it is not there yet. */
export async function npmPackages(cwd = root, what = 'the npm packages') {
  const installed = join(cwd, 'node_modules', '.package-lock.json');
  const lock = join(cwd, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  await step(`Installing ${what}`, () => run('npm', ['ci', '--no-audit', '--no-fund'], { cwd }));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(setup);
