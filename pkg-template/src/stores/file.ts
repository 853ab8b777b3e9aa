/** A token store in a folder: one file for each key, shared by the processes of a machine. */

/// <reference types="node" />
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenStore } from '../options.js';
import { withFileLock } from './file-lock.js';
import { endOfMark, isMark } from './marks.js';
import { Turns } from './turns.js';

interface Entry {
  key: string;
  version: string;
  value: string;
}

/**
 * Keeps sessions in files of a folder that only its owner may enter. A write replaces the whole file at once, so neither a
 * crash nor a full disk leaves half a session. Lock files see to it that one process at a time renews a session.
 */
export function fileStore(options: {
  /** Made where it is missing, with mode 0700. */ directory: string;
}): TokenStore {
  const { directory } = options;
  if (typeof directory !== 'string' || directory === '')
    throw new TypeError('fileStore: directory must be a path');
  const turns = new Turns();
  const marks = join(directory, 'marks');
  let made: Promise<unknown> | undefined;

  const ready = () => {
    made ??= mkdir(marks, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };

  return {
    async get(key) {
      const entry = await read(fileOf(directory, key));
      return entry && { value: entry.value, version: entry.version };
    },
    async compareAndSwap(key, version, value) {
      await ready();
      const file = fileOf(directory, key);
      const swapped = await turns.take(file, () =>
        withFileLock(`${file}.write`, () => swap(file, key, version, value)),
      );
      if (swapped && value !== null && key.startsWith('used:')) await forgetOldMarks(marks);
      return swapped;
    },
    async withLock(key, work) {
      await ready();
      const lock = `${fileOf(directory, key)}.lock`;
      return turns.take(lock, () => withFileLock(lock, work));
    },
  };
}

/** Hashed, since a key may hold what no file name can, and some file systems take upper and lower case for the same. */
function fileOf(directory: string, key: string): string {
  const name = createHash('sha256').update(key).digest('hex');
  return isMark(key) ? join(directory, 'marks', name) : join(directory, name);
}

async function swap(
  file: string,
  key: string,
  version: string | null,
  value: string | null,
): Promise<boolean> {
  const entry = await read(file);
  if ((entry?.version ?? null) !== version) return false;
  if (value === null) await rm(file, { force: true });
  else await replace(file, JSON.stringify({ key, version: randomUUID(), value } satisfies Entry));
  return true;
}

/** Writes beside the file, onto the disk, and then renames: a reader sees the old text or the new one. */
async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function read(file: string): Promise<Entry | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Entry;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Few, as each is needed for the ten minutes of its authorization only. */
async function forgetOldMarks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.includes('.')) continue;
    const file = join(folder, name);
    const entry = await read(file);
    if (entry && endOfMark(entry.value) <= Date.now()) await rm(file, { force: true });
  }
}
