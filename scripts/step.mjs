// Running other programs step by step: each long step is named, and its output is shown only where it fails.
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const cargoBin = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');

/** What the programs run with: cargo's and npm's programs on the PATH. */
export const env = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), cargoBin, process.env.PATH].join(delimiter),
};

/** A failure that is printed as one sentence, without a stack. */
export class Failure extends Error {}

/** Runs a program; resolves with what it printed, rejects where it fails. */
export function run(command, args, { cwd = root, show = false, extraEnv = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...extraEnv },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (text) => {
      output += text;
    });
    child.stderr?.on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => reject(new Failure(`${command} could not be started: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Failure(`${output}\n${command} ${args.join(' ')} failed (exit code ${code}).`));
    });
  });
}

/** What a program prints, or undefined where it is missing or fails. */
export async function output(command, args) {
  return run(command, args).catch(() => undefined);
}

/** Names a step, and says how long it took. */
export async function step(name, work) {
  const started = Date.now();
  console.log(`→ ${name}`);
  const result = await work();
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 2) console.log(`  ${seconds.toFixed(0)} s: ${name.replace(/ \(.*/, '')}`);
  return result;
}

/** Runs a script's main function; a `Failure` ends it with its sentence. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Failure ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}
