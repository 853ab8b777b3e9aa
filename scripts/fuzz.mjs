// Fuzzes whatever reads what others wrote, each target for a while from the committed seeds: `npm run fuzz [-- --seconds N] [target …]`.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, output, root, run, step } from './step.mjs';

const SECONDS = 10;
const folder = join(root, 'fuzz');

/** Why nothing can be fuzzed here, if so. */
async function missing() {
  if (!(await output('cargo', ['+nightly', '--version'])))
    return 'the nightly toolchain is missing (rustup toolchain install nightly)';
  if (!(await output('cargo', ['+nightly', 'fuzz', '--version'])))
    return 'cargo-fuzz is missing (cargo install cargo-fuzz)';
  return undefined;
}

/** Every target, or those that are named. */
export async function fuzz(seconds = SECONDS, named = []) {
  const reason = await missing();
  if (reason) return console.log(`  not run: ${reason}`);
  const all = readdirSync(join(folder, 'fuzz_targets')).map((file) => file.replace('.rs', ''));
  const unknown = named.find((name) => !all.includes(name));
  if (unknown) throw new Failure(`There is no target '${unknown}': ${all.join(', ')}.`);
  await step('Building the fuzz targets', () => run('cargo', ['+nightly', 'fuzz', 'build'], { cwd: root }));
  for (const name of named.length > 0 ? named : all)
    await step(`Fuzzing ${name} for ${seconds} s`, () => target(name, seconds));
}

/** What is found goes to fuzz/corpus, and what crashes to fuzz/artifacts; neither is committed. */
async function target(name, seconds) {
  const found = join(folder, 'corpus', name);
  const seeds = join(folder, 'seeds', name);
  mkdirSync(found, { recursive: true });
  const printed = await run(
    'cargo',
    [
      '+nightly',
      'fuzz',
      'run',
      name,
      found,
      ...(existsSync(seeds) ? [seeds] : []),
      '--',
      `-max_total_time=${seconds}`,
      '-timeout=10',
      '-rss_limit_mb=2048',
      '-print_final_stats=1',
    ],
    { cwd: root },
  );
  console.log(`  ${/number_of_executed_units: (\d+)/.exec(printed)?.[1] ?? '?'} inputs`);
}

if (process.argv[1]?.endsWith('fuzz.mjs')) {
  const words = process.argv.slice(2);
  const at = words.indexOf('--seconds');
  const seconds = at >= 0 ? Number(words.splice(at, 2)[1]) : SECONDS;
  main(() => fuzz(seconds, words));
}
