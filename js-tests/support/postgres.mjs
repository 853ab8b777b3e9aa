/** PostgreSQL servers of the tests, on free ports, each with a folder of its own. */
import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { freePort, temporaryFolder } from './machine.mjs';

const DEBIAN = '/usr/lib/postgresql';
/** The server refuses to run as root. */
const NOBODY = 65_534;

/** Starts `postgres`; returns its URL. It ends with the tests of the calling file. */
export async function startPostgres() {
  const folder = programs();
  const data = temporaryFolder();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const options = { cwd: data, env: { ...process.env, LC_ALL: 'C' }, ...owner };
  const database = join(data, 'database');
  const flags = ['-D', database, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  await promisify(execFile)(join(folder, 'initdb'), flags, options);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(folder, 'postgres'), ['-D', database, '-p', String(port), ...given], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  after(async () => {
    // At once, and without children that stay.
    server.kill('SIGQUIT');
    await exited;
  });
  await new Promise((resolve, reject) => {
    let output = '';
    server.on('exit', (code) => reject(new Error(`postgres ended with exit code ${code}: ${output}`)));
    server.stderr.on('data', (text) => {
      output += text;
      if (output.includes('ready to accept connections')) resolve();
    });
  });
  return `postgres://test@127.0.0.1:${port}/postgres`;
}

/** The folder of the newest server: Debian keeps each version apart, others have it on the PATH. */
function programs() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...process.env.PATH.split(':'),
  ];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  if (found) return found;
  throw new Error('These tests need PostgreSQL: `apt install postgresql`, or `brew install postgresql`.');
}
