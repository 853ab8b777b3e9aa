// Finds the programs that run JavaScript here, and runs them.
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const installed = join(import.meta.dirname, 'node_modules');
const HINT = 'npm ci --prefix js-tests/runtimes';

/** The path of what npm installed, with its version, or why it is `absent`. */
export function program(name) {
  const major = /^node-(\d+)$/.exec(name)?.[1];
  const path = major
    ? join(installed, `${name}-${process.platform}-${process.arch}`, 'bin', 'node')
    : join(installed, '.bin', name);
  try {
    const version = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).split('\n')[0];
    return { path, version };
  } catch {
    return { absent: `${name} is not installed here (${HINT})` };
  }
}

/** A Node that runs tools which have given up Node 20: this one, or one that npm installed. */
export function recentNode() {
  const { node } = process.versions;
  return Number(node.split('.')[0]) >= 24 ? { path: process.execPath, version: node } : program('node-24');
}

/** Runs a program to its end; rejects with what it printed where it fails. */
export async function execute(path, args, options) {
  try {
    await promisify(execFile)(path, args, { ...options, maxBuffer: 1e8 });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}
