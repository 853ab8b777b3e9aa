// Passes every check: formatting, lints, types, the core's tests on the host, the built package's tests. `--only NAME` runs one.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { fuzz } from './fuzz.mjs';
import { buildPython, findPython, NO_PYTHON, pythonChecks } from './python.mjs';
import { npmPackages, setup } from './setup.mjs';
import { buildSite } from './site.mjs';
import { Failure, main, root, run, step } from './step.mjs';

const WASM = ['--target', 'wasm32-unknown-unknown', '--lib'];

const checks = {
  'rust-format': () => run('cargo', ['fmt', '--check']),
  'rust-lint': async () => {
    await run('cargo', ['clippy', '--all-targets', '--quiet', '--', '-D', 'warnings']);
    await run('cargo', ['clippy', ...WASM, '--quiet', '--', '-D', 'warnings']);
  },
  // For wasm, where every module is compiled.
  'rust-docs': () =>
    run('cargo', ['doc', ...WASM, '--no-deps', '--document-private-items', '--quiet'], {
      extraEnv: { RUSTDOCFLAGS: '-D warnings' },
    }),
  'rust-test': () => run('cargo', ['test', '--quiet'], { show: true }),
  'js-lint': () => run('biome', ['ci', '--colors=off', '--error-on-warnings', '.']),
  types: async () => {
    await run('tsc', ['-p', 'tsconfig.json']);
    await run('tsc', ['-p', 'sandbox/tsconfig.json']);
  },
  docs: buildSite,
  fuzz: () => fuzz(5),
  'js-test': async () => {
    await runtimes();
    // Its tests open the site, which the check `docs` builds.
    if (!existsSync(join(root, 'site', 'index.html'))) await buildSite();
    return nodeTest(testFiles(join(root, 'js-tests')));
  },
  dates,
  python,
};

/** The Python package, if there is a Python for it. With `REQUIRE_PYTHON` in the environment there has to be one. */
async function python() {
  const found = await findPython();
  if (!found) {
    if (process.env.REQUIRE_PYTHON) throw new Failure(NO_PYTHON);
    console.log(`  ${NO_PYTHON} The checks of the Python package are left out.`);
    return;
  }
  await buildPython(found);
  for (const [name, check] of Object.entries(pythonChecks)) await step(`Checking ${name}`, check);
}

/** Days on which calendars go wrong, at noon UTC: the 28th, a leap day, the end of a month, New Year, a change of the clock. */
const DAYS = [
  ['2026-11-28', 'UTC'],
  ['2028-02-29', 'UTC'],
  ['2027-07-31', 'UTC'],
  ['2027-12-31', 'Pacific/Kiritimati'], // where it is 1 January
  ['2029-03-11', 'America/St_Johns'],
];

/** Passes the tests that look at dates with the machine's clock shifted, by the pinned sandbox and by sandboxes that follow it. */
async function dates() {
  const preload = pathToFileURL(join(root, 'js-tests', 'support', 'shifted-date.mjs')).href;
  const testOn = ([day, TZ], names, sandbox) => {
    console.log(`  ${day} in ${TZ}`);
    const files = names.map((name) => join(root, 'js-tests', name));
    const shifted = { TZ, SHIFTED_DATE: `${day}T12:00:00Z`, NODE_OPTIONS: `--import=${preload}` };
    return nodeTest(files, { ...shifted, ...sandbox });
  };
  const files = ['sandbox/scenarios.test.js', 'consent/consent.test.mjs'];
  await testOn(DAYS[0], [...files, 'examples/quickstart.test.mjs'], {});
  for (const day of DAYS) await testOn(day, files, { AISP_SANDBOX_NOW: '' });
}

/** What takes minutes more, and is checked where it is asked for only. */
const apart = {
  bundlers: async () => {
    await runtimes();
    const folder = join(root, 'js-tests', 'bundlers');
    await npmPackages(folder, 'the bundlers (580 MB, once)');
    return nodeTest([
      ...['jest-sandbox', 'next', 'pages', 'sveltekit', 'test-runners'].map((name) =>
        join(folder, `${name}.mjs`),
      ),
      join(root, 'js-tests', 'examples-server', 'next.mjs'),
      join(root, 'js-tests', 'examples-server', 'sveltekit.mjs'),
    ]);
  },
};

function nodeTest(files, extraEnv = {}) {
  const names = files.map((file) => relative(root, file));
  return run(process.execPath, ['--test', '--test-concurrency=2', '--test-reporter=spec', ...names], {
    show: true,
    extraEnv,
  });
}

/** Deno, Bun and others, for `js-tests/runtimes`: without them its tests say so and go on. */
async function runtimes() {
  const folder = join(root, 'js-tests', 'runtimes');
  await npmPackages(folder, 'Deno, Bun, workerd and later Nodes (550 MB, once)').catch((error) => {
    console.log(`  This failed, so they are left out: ${error.message.trim().split('\n')[0]}`);
  });
}

/** By hand, since Node 20 takes folders and Node 22 globs. The bundlers' applications have tests of their own. */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'bundlers'].includes(entry.name) ? [] : testFiles(path);
    return /\.test\.m?js$/.test(entry.name) ? [path] : [];
  });
}

main(async () => {
  const asked = process.argv.indexOf('--only');
  const only = asked < 0 ? undefined : (process.argv[asked + 1] ?? '');
  const all = { ...checks, ...apart };
  if (only !== undefined && !(only in all)) {
    throw new Failure(`There is no check '${only}': ${Object.keys(all).join(', ')}.`);
  }
  await setup();
  await build();
  for (const name of only ? [only] : Object.keys(checks)) await step(`Checking ${name}`, all[name]);
  console.log('\nEvery check passed.');
});
