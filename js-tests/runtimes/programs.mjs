// Finds the programs that run JavaScript here, and runs them.
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const installed = join(import.meta.dirname, 'node_modules');
const HINT = 'npm ci --prefix js-tests/runtimes';

/** The path of what npm installed, or why it is `absent`. */
export function program(name) {
  const major = /^node-(\d+)$/.exec(name)?.[1];
  const path = major
    ? join(installed, `${name}-${process.platform}-${process.arch}`, 'bin', 'node')
    : join(installed, '.bin', name);
  try {
    execFileSync(path, ['--version'], { stdio: 'pipe' });
    return { path };
  } catch {
    return { absent: `${name} is not installed here (${HINT})` };
  }
}

/** A Node that runs tools which have given up Node 20: this one, or one that npm installed. */
export function recentNode() {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24 ? { path: process.execPath } : program('node-24');
}

/** Runs a program to its end; rejects with what it printed where it fails. */
export async function execute(path, args, options) {
  try {
    await promisify(execFile)(path, args, { ...options, maxBuffer: 1e8 });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}
