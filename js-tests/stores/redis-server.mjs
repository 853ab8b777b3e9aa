/** A Redis server for a file's tests, on a free port and without a disk. */
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { freePort } from '../node/machine.mjs';

/** Starts `redis-server` from the PATH; gives its URL. It ends with the tests of the calling file. */
export async function startRedis() {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  after(() => server.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    server.on('error', () =>
      reject(
        new Error(
          'These tests need redis-server on the PATH: `apt install redis-server`, or `brew install redis`.',
        ),
      ),
    );
    server.on('exit', (code) => reject(new Error(`redis-server ended with exit code ${code}.`)));
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
  });
  return `redis://127.0.0.1:${port}`;
}
