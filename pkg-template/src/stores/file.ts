/** A token store in a folder: one file for each key, shared by the processes of a machine. */

/// <reference types="node" />
import { createHash, randomUUID } from 'node:crypto';
import { access, constants, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationError } from '../errors.js';
import type { TokenStore } from '../options.js';
import { wellFormed } from '../plain.js';
import { expiryOf, isEphemeral } from './ephemeral-keys.js';
import { withFileLock } from './file-lock.js';
import { prepareFolder } from './folder.js';
import { KeyedMutex } from './keyed-mutex.js';

/** A write takes milliseconds. */
const WRITE_PATIENCE_MS = 20_000;
/** The SDK holds a lock for less than this. */
const LOCK_PATIENCE_MS = 330_000;

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
  /** Made where it is missing, with mode 0700. An existing folder that is the store's alone gets this mode too. */ directory: string;
}): TokenStore {
  const { directory } = options;
  if (typeof directory !== 'string' || directory === '')
    throw configurationError('fileStore.directory', 'the path of a folder', 'none');
  const mutex = new KeyedMutex();
  const marks = join(directory, 'marks');
  let made: Promise<void> | undefined;

  /** Runs `work` in the folder; where that fails, the next call looks at the folder again. */
  const inFolder = async <T>(work: () => Promise<T>) => {
    try {
      made ??= prepareFolder(directory);
      await made;
      return await work();
    } catch (error) {
      made = undefined;
      throw error;
    }
  };

  return {
    get: (key) =>
      inFolder(async () => {
        const entry = await read(fileOf(directory, key));
        return entry && { value: entry.value, version: entry.version };
      }),
    compareAndSwap: (key, version, value) =>
      inFolder(async () => {
        // A mark is written before a code is spent, and has to show that the session can be written too.
        if (isEphemeral(key)) await access(directory, constants.W_OK);
        const file = fileOf(directory, key);
        const swapped = await mutex.run(file, () =>
          withFileLock(`${file}.write`, WRITE_PATIENCE_MS, () => swap(file, key, version, value)),
        );
        if (swapped && value !== null && key.startsWith('used:')) await forgetOldMarks(marks).catch(() => {});
        return swapped;
      }),
    withLock: (key, work) =>
      inFolder(async () => `${fileOf(directory, key)}.lock`).then((lock) =>
        mutex.run(lock, () => withFileLock(lock, LOCK_PATIENCE_MS, work)),
      ),
  };
}

/** Hashed, since a key may hold what no file name can, and some file systems take upper and lower case for the same. */
function fileOf(directory: string, key: string): string {
  const name = createHash('sha256').update(wellFormed('key', key)).digest('hex');
  return isEphemeral(key) ? join(directory, 'marks', name) : join(directory, name);
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

/** A file that can't be read as an entry has the value `''`, which is no session, and a version of its own. */
async function read(file: string): Promise<Pick<Entry, 'value' | 'version'> | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const entry: Partial<Entry> | null = JSON.parse(bytes.toString());
    if (typeof entry?.value === 'string' && typeof entry.version === 'string') return entry as Entry;
  } catch {
    // Cut, or overwritten by something else.
  }
  return { value: '', version: `unreadable-${createHash('sha256').update(bytes).digest('hex')}` };
}

/** Few, as each is needed for the ten minutes of its authorization only. */
async function forgetOldMarks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.includes('.')) continue;
    const file = join(folder, name);
    const entry = await read(file);
    if (entry && expiryOf(entry.value) <= Date.now()) await rm(file, { force: true });
  }
}
