// The Python package: `npm run python` makes its virtual environment and builds it in place; with `-- --check` it passes every check too.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, main, root, run, step } from './step.mjs';

const folder = join(root, 'python');
const environment = join(folder, '.venv');
const bin = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');

/** What is said where there is none. */
export const NO_PYTHON =
  'There is no Python of at least 3.10 with its module venv (Debian: apt-get install python3-venv).';

/** Finds a Python of at least 3.10 that can make virtual environments; undefined if there is none. */
export async function findPython() {
  for (const name of ['python3', 'python']) {
    const version = await run(name, ['-c', 'import ensurepip, sys; print(*sys.version_info[:2])']).catch(
      () => '',
    );
    const [major, minor] = version.trim().split(' ').map(Number);
    if (major > 3 || (major === 3 && minor >= 10)) return name;
  }
  return undefined;
}

/** Makes the virtual environment, and installs what the checks need if `pyproject.toml` changed. */
async function prepare(python) {
  const pyproject = readFileSync(join(folder, 'pyproject.toml'));
  const mark = join(environment, 'installed');
  const installed = createHash('sha256').update(pyproject).digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === installed) return;
  if (!existsSync(join(bin, 'pip'))) await run(python, ['-m', 'venv', environment]);
  await run(join(bin, 'pip'), ['install', '--quiet', '--upgrade', 'pip>=25.1']);
  await run(join(bin, 'pip'), ['install', '--quiet', '--group', `${join(folder, 'pyproject.toml')}:dev`]);
  writeFileSync(mark, installed);
}

/** Runs a tool of the virtual environment in the folder of the package. */
export function tool(name, args, options = {}) {
  return run(join(bin, name), args, {
    cwd: folder,
    ...options,
    extraEnv: { VIRTUAL_ENV: environment, ...options.extraEnv },
  });
}

/** Builds the package in place. */
export async function buildPython(python) {
  await step('Preparing the Python environment', () => prepare(python));
  await step('Building the Python package', () =>
    tool('maturin', ['develop', '--quiet', '--extras', 'redis']),
  );
}

/** The checks, in the order in which they are quickest to fail. */
export const pythonChecks = {
  'python-lint': async () => {
    await tool('ruff', ['format', '--check', '.', '../benches/python']);
    await tool('ruff', ['check', '.', '../benches/python']);
    await tool('mypy', ['oakford_aisp', 'tests']);
    await tool('pyright', ['--pythonpath', join(bin, 'python')]);
  },
  'python-rust': async () => {
    await run('cargo', ['fmt', '--check'], { cwd: folder });
    await run('cargo', ['clippy', '--all-targets', '--quiet', '--', '-D', 'warnings'], { cwd: folder });
  },
  'python-test': () => tool('pytest', ['-q'], { show: true }),
};

/** Measures the package as it is released; `flags` are those of the files in `benches/python`. */
export async function benchPython(flags) {
  const python = await findPython();
  if (!python) throw new Failure(NO_PYTHON);
  await step('Preparing the Python environment', () => prepare(python));
  const group = `${join(folder, 'pyproject.toml')}:bench`;
  await run(join(bin, 'pip'), ['install', '--quiet', '--group', group]);
  await step('Building the Python package for release', () =>
    tool('maturin', ['develop', '--release', '--quiet']),
  );
  for (const name of ['decode.py', 'calls.py']) {
    await tool('python', [join(root, 'benches', 'python', name), ...flags], { show: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const python = await findPython();
    if (!python) throw new Failure(NO_PYTHON);
    await buildPython(python);
    if (!process.argv.includes('--check')) return;
    for (const [name, check] of Object.entries(pythonChecks)) await step(`Checking ${name}`, check);
  });
}
