/** The file store: who may read it, what a crash leaves, and whose lock it is. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '@oakford/aisp/node';
import { temporaryFolder } from '../support/machine.mjs';

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

test('drafts of writes that were cut off are removed at the next start, and a draft that is being written stays', async () => {
  const directory = temporaryFolder();
  const written = ['session:anna', 'used:state'];
  for (const key of written)
    await fileStore({ directory }).compareAndSwap(key, null, String(Date.now() + 60_000));
  const [session, mark] = filesOf(directory).sort((a, b) => a.length - b.length);
  const drafts = [session, mark].map((file) => `${file}.${randomUUID()}.new`);
  for (const draft of drafts) writeFileSync(draft, 'tokens');
  const held = `${join(directory, '0'.repeat(64))}.${randomUUID()}.new`;
  writeFileSync(held, 'tokens');
  const holder = { id: 'x', pid: process.ppid, host: hostname() };
  writeFileSync(join(directory, `${'0'.repeat(64)}.write`), JSON.stringify(holder));
  // A folder may hold files of others, which are left alone.
  writeFileSync(join(directory, 'other.new'), '');

  assert.ok(await fileStore({ directory }).get('session:anna'));
  assert.deepEqual(drafts.map(existsSync), [false, false]);
  assert.deepEqual([held, join(directory, 'other.new')].map(existsSync), [true, true]);
});

test('the draft of a process that was killed while it wrote is removed at the next start', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  await store.compareAndSwap('session:a', null, 'a');
  // The disk is never reached: the process ends between the draft and its place.
  const writer = processWith(
    directory,
    `const { version } = await store.get('session:a');
    const stop = setInterval(async () => {
      const { readdirSync } = await import('node:fs');
      if (readdirSync(${JSON.stringify(directory)}).some((name) => name.endsWith('.new'))) process.kill(process.pid, 'SIGKILL');
    });
    for (let at = version; ; at = (await store.get('session:a')).version)
      await store.compareAndSwap('session:a', at, 'b'.repeat(2_000_000));`,
  );
  assert.equal((await once(writer, 'exit'))[1], 'SIGKILL');
  const drafts = () => filesOf(directory).filter((file) => file.endsWith('.new'));
  assert.equal(drafts().length, 1);
  assert.ok(await fileStore({ directory }).get('session:a'));
  assert.deepEqual(drafts(), []);
});

test('a folder that others may enter is closed, and so is its folder of marks', {
  skip: process.platform === 'win32',
}, async () => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, 'marks'));
  for (const folder of [directory, join(directory, 'marks')]) chmodSync(folder, 0o755);
  await fileStore({ directory }).get('session:anna');
  for (const folder of [directory, join(directory, 'marks')])
    assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('an open folder that holds other things is refused with a sentence, and left as it is', {
  skip: process.platform === 'win32',
}, async () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, 'index.html'), '');
  chmodSync(directory, 0o755);
  const store = fileStore({ directory });
  for (const work of [() => store.get('session:a'), () => store.compareAndSwap('session:a', null, 'v')])
    await assert.rejects(work, /other users may enter the folder .*chmod 700/);
  assert.equal(statSync(directory).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(directory), ['index.html']);
  chmodSync(directory, 0o700);
  assert.equal(await store.compareAndSwap('session:a', null, 'v'), true);
});

test('a folder that was removed meanwhile is made again', async () => {
  const directory = join(temporaryFolder(), 'sessions');
  const store = fileStore({ directory });
  await store.compareAndSwap('session:a', null, 'v');
  rmSync(directory, { recursive: true });
  await assert.rejects(store.compareAndSwap('session:a', null, 'v'), /ENOENT/);
  assert.equal(await store.compareAndSwap('session:a', null, 'v'), true);
});

test('a folder that can not be written fails the mark, before a code is spent', {
  skip: process.platform === 'win32' || process.getuid() === 0,
}, async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  await store.compareAndSwap('used:one', null, String(Date.now() + 60_000));
  chmodSync(directory, 0o500);
  await assert.rejects(store.compareAndSwap('used:two', null, String(Date.now() + 60_000)), /EACCES/);
});

test('an unreadable mark stops no login, and is removed', async () => {
  const directory = temporaryFolder();
  const store = fileStore({ directory });
  await store.compareAndSwap('used:one', null, String(Date.now() + 60_000));
  const [mark] = filesOf(join(directory, 'marks'));
  writeFileSync(mark, '');
  assert.equal(await store.compareAndSwap('used:two', null, String(Date.now() + 60_000)), true);
  assert.ok(!existsSync(mark));
});
