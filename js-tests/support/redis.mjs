/** Redis servers of the tests, on free ports and without a disk, and connections to them. */
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { createClient } from 'redis';
import { freePort } from './machine.mjs';

/** Starts `redis-server` from the PATH; returns its URL. It ends with the tests of the calling file. */
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
    let output = '';
    server.stdout.on('data', (text) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
  return `redis://127.0.0.1:${port}`;
}

/** Connects to Redis until the tests of the file end. */
export async function redisConnection(url) {
  const client = await createClient({ url }).connect();
  after(() => client.destroy());
  return client;
}
