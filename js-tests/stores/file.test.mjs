/** The file store: who may read it, what a crash leaves, and whose lock it is. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '@oakford/aisp/node';
import { temporaryFolder } from '../node/machine.mjs';

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** A Node process that runs `body` with a store of that folder. */
function processWith(directory, body) {
  const script = `import { fileStore } from '@oakford/aisp/node';
    const store = fileStore({ directory: ${JSON.stringify(directory)} });
    ${body}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('only the owner may read the folder and its files', { skip: process.platform === 'win32' }, async () => {
  const directory = join(temporaryFolder(), 'sessions');
  const store = fileStore({ directory });
  await store.compareAndSwap('session:anna', null, 'secret');
  await store.compareAndSwap('used:state', null, String(Date.now() + 60_000));
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  const files = filesOf(directory);
  assert.equal(files.length, 2);
  for (const file of files) assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('no key becomes a path', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  for (const key of ['session:../../escaped', 'session:/etc/passwd', `session:${'x'.repeat(5000)}`]) {
    assert.equal(await store.compareAndSwap(key, null, 'value'), true);
    assert.equal((await store.get(key)).value, 'value');
  }
  assert.deepEqual(
    filesOf(directory).filter((file) => !/[/\\][0-9a-f]{64}$/.test(file)),
    [],
  );
});

test('a reader sees an old value or a new one, never a part, while another process writes', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  await store.compareAndSwap('session:a', null, 'a'.repeat(50_000));
  const writer = processWith(
    directory,
    `for (let i = 0; i < 60; i++) {
      const { version } = await store.get('session:a');
      await store.compareAndSwap('session:a', version, String(i % 10).repeat(50_000));
    }`,
  );
  const ended = once(writer, 'exit');
  while (writer.exitCode === null) {
    const { value } = await store.get('session:a');
    assert.equal(value, value[0].repeat(50_000));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.deepEqual((await ended)[0], 0);
  assert.equal((await store.get('session:a')).value[0], '9');
});

test('the lock of a process that was killed is taken over at once', async () => {
  const directory = temporaryFolder();
  const holder = processWith(
    directory,
    `await store.withLock('session:a', () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`,
  );
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const started = Date.now();
  const taken = await Promise.all(
    Array.from({ length: 8 }, () => fileStore({ directory }).withLock('session:a', async () => 1)),
  );
  assert.equal(taken.length, 8);
  assert.ok(Date.now() - started < 2_000, `${Date.now() - started} ms`);
});

test('a lock file that nobody touched for long is taken over, also one of another machine', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  let lock;
  await store.withLock('session:a', async () => {
    lock = filesOf(directory).find((file) => file.endsWith('.lock'));
  });
  writeFileSync(lock, JSON.stringify({ id: 'x', pid: 1, host: 'elsewhere' }));
  const old = new Date(Date.now() - 60_000);
  const { utimesSync } = await import('node:fs');
  utimesSync(lock, old, old);
  assert.equal(await store.withLock('session:a', async () => 'mine'), 'mine');
});

test('marks of completed authorizations do not pile up', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  for (let i = 0; i < 20; i++) await store.compareAndSwap(`used:${i}`, null, String(Date.now() - 1000));
  await store.compareAndSwap('used:live', null, String(Date.now() + 60_000));
  assert.equal(filesOf(join(directory, 'marks')).length, 1);
  assert.ok(await store.get('used:live'));
});

test('a full round over the file is readable JSON with its key', async () => {
  const directory = temporaryFolder();
  await fileStore({ directory }).compareAndSwap('session:anna', null, 'value');
  const { key, value } = JSON.parse(readFileSync(filesOf(directory)[0], 'utf8'));
  assert.deepEqual({ key, value }, { key: 'session:anna', value: 'value' });
});
