/** The example for Next.js, installed, built and run as a person would: a part of `npm run test:bundlers`. */
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from '../runtimes/packed.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { startExample, walk } from './walk.mjs';

const root = join(import.meta.dirname, '..', '..');
const cwd = temporaryFolder();
const run = (command, args) => execFileSync(command, args, { cwd, stdio: 'inherit' });

cpSync(join(root, 'examples', 'next'), cwd, {
  recursive: true,
  filter: (path) => !/node_modules|\.next/.test(path),
});
run('npm', ['install', '--no-audit', '--no-fund', pack(cwd)]);
const next = join(cwd, 'node_modules', 'next', 'dist', 'bin', 'next');
run(process.execPath, [next, 'build']);
await walk('Next.js', (sandbox, appOrigin) =>
  startExample(sandbox, { cwd, appOrigin, args: [next, 'start', '-H', 'localhost'] }),
);
