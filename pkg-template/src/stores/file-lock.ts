/** A lock file that survives the death of its holder. */

/// <reference types="node" />
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The holder touches its file so often. */
const BEAT_MS = 2_000;
/** A file that was not touched for so long has no holder any more. */
const STALE_MS = 15_000;
const LOOK_MS = 15;

interface Holder {
  id: string;
  pid: number;
  host: string;
}

/**
 * Runs `work` while the lock file is this call's; rejects if it is another's for longer than `patienceMs`. `isHeld` says whether the
 * file is still this call's: a process that stood still for long may have lost it.
 */
export async function withFileLock<T>(
  file: string,
  patienceMs: number,
  work: (isHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const me: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  const began = performance.now();
  while (!(await create(file, me)) && !(await takeOver(file, me))) {
    if (performance.now() - began >= patienceMs)
      throw new Error(`The lock file ${file} is another process's for longer than ${patienceMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS * (1 + 2 * Math.random())));
  }
  const isMine = async () => (await holderOf(file))?.id === me.id;
  /** Says that the holder lives; false where the file is another's by now. */
  const touch = async () => {
    const mine = await isMine();
    if (mine) await utimes(file, new Date(), new Date());
    return mine;
  };
  const beat = setInterval(() => touch().catch(() => {}), BEAT_MS);
  beat.unref();
  try {
    // Looked at again after the touch: before it, another may have found the file abandoned.
    return await work(async () => (await touch()) && isMine());
  } finally {
    clearInterval(beat);
    if (await isMine()) await rm(file, { force: true });
  }
}

/** Makes the file, with its holder in it, if there is none. */
async function create(file: string, me: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(me)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the place of a holder that is gone. A second file keeps two who see that at once apart. */
async function takeOver(file: string, me: Holder): Promise<boolean> {
  if (!(await isAbandoned(file))) return false;
  const gate = `${file}.gate`;
  if (!(await create(gate, me))) {
    if (await isAbandoned(gate)) await rm(gate, { force: true });
    return false;
  }
  try {
    if (!(await isAbandoned(file))) return false;
    const draft = `${file}.${me.id}.new`;
    await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
    await rename(draft, file);
    return true;
  } finally {
    await rm(gate, { force: true });
  }
}

/** Whether the lock's holder is dead, or has not been heard of for long. */
async function isAbandoned(file: string): Promise<boolean> {
  const [holder, state] = await Promise.all([holderOf(file), stat(file).catch(() => undefined)]);
  if (!state) return false;
  if (Date.now() - state.mtimeMs > STALE_MS) return true;
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
}

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    // Gone meanwhile, or not written in full yet.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
