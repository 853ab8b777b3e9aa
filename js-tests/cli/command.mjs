/** The command `aisp` as its users run it: a process with pipes, or with a terminal. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { publicOptions } from '../support/clients.mjs';
import { approve } from '../support/sandbox.mjs';

const program = join(import.meta.dirname, '..', '..', 'pkg', 'cli', 'aisp.js');

/** Logs a customer of the sandbox in, and keeps the session where the command looks for it. */
export async function storeSession(sandbox, store, user, name = 'default') {
  const tokenStore = fileStore({ directory: join(store, 'sessions') });
  const client = await createClient(publicOptions(sandbox, { tokenStore }));
  const { url, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(url, { user });
  return client.completeAuthorization(callbackUrl, pending, { key: `${name}@${sandbox.baseUrl}` });
}

/** A terminal needs `script` of util-linux. */
export const noTerminal =
  process.platform !== 'linux' && 'a pseudo-terminal is made by `script` of util-linux';

/** Runs the command to its end, its streams piped; returns what it printed and its exit code. */
export function aisp(args, env = {}) {
  return run(process.execPath, [program, ...args], env);
}

/** Runs a copy of the command in a folder. */
export function runAt(copy, args, cwd) {
  return run(process.execPath, [copy, ...args], {}, cwd);
}

/** Starts the command; `ended` resolves as `aisp` does, `noted` once stderr matches. */
export function startAisp(args, env = {}) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } });
  const result = { stdout: '', stderr: '' };
  const ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, ...result })));
  for (const name of ['stdout', 'stderr']) child[name].on('data', (text) => (result[name] += text));
  const noted = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(result.stderr);
        if (match) resolve(match);
      };
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`The command ended without ${pattern}: ${result.stderr}`)));
      look();
    });
  return { child, ended, noted };
}

/** Runs the command in a terminal of 80 columns, followed by a redirection such as `> file`; returns what appeared there. */
export function aispInTerminal(args, { redirection = '', env = {} } = {}) {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR, ...rest } = process.env;
  const command = `stty cols 80 rows 24; ${words} ${redirection}`;
  return run('script', ['-qec', command, '/dev/null'], { ...rest, TERM: 'xterm', ...env });
}

/** Runs a shell's pipe of the command. */
export function aispThrough(args, pipe, env = {}) {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  return run('bash', ['-c', `set -o pipefail; ${words} | ${pipe}`], env);
}

function run(file, args, env, cwd = process.cwd()) {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 1e8, timeout: 120_000 };
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
