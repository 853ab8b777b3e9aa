/** The folder of a file store: only its owner may enter it, and no draft stays of a write that was cut off. */

/// <reference types="node" />
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';

/** Names of the store's own files. */
const OWN = /^(?:marks$|[0-9a-f]{64}(?:\.|$))/;
/** A draft of a session or mark: the name of its file comes first. */
const DRAFT = /^([0-9a-f]{64})\..*\.new$/;

/** Makes the folder and its `marks`, and cleans both up. Rejects if other users may enter it and that can't be changed. */
export async function prepareFolder(directory: string): Promise<void> {
  for (const folder of [directory, join(directory, 'marks')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await close(folder);
    await removeDrafts(folder);
  }
}

/** Shuts other users out. A folder that holds other things too is left as it is: somebody may need it open. */
async function close(folder: string): Promise<void> {
  if (!(await isOpen(folder))) return;
  if ((await readdir(folder)).every((name) => OWN.test(name))) {
    await chmod(folder, 0o700).catch(() => {});
    if (!(await isOpen(folder))) return;
  }
  throw new Error(
    `\`fileStore\`: other users may enter the folder ${folder}. Bring a folder for sessions alone, or close this one (chmod 700).`,
  );
}

async function isOpen(folder: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(folder)).mode & 0o077) !== 0;
}

/** Removes the drafts of processes that ended while they wrote. Those that write now hold the lock of the file. */
async function removeDrafts(folder: string): Promise<void> {
  for (const draft of await readdir(folder)) {
    const [, name] = DRAFT.exec(draft) ?? [];
    if (!name) continue;
    const remove = () => rm(join(folder, draft), { force: true });
    await withFileLock(join(folder, `${name}.write`), 0, remove).catch(() => {});
  }
}
