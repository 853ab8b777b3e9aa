/** The checkpoints of `sync`, in one file for each session. */

/// <reference types="node" />
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from './arguments.js';

/** The checkpoint of each account, by its id. */
export class Checkpoints {
  readonly #file: string;

  constructor(store: string, key: string) {
    const name = createHash('sha256').update(key).digest('hex');
    this.#file = join(store, 'checkpoints', `${name}.json`);
  }

  /** Returns the checkpoints; none before the first sync. */
  async read(): Promise<Map<string, string>> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw error;
    }
    try {
      return new Map(Object.entries(JSON.parse(text)));
    } catch {
      throw new UsageError(`${this.#file} is no file of checkpoints: delete it, and sync begins again`);
    }
  }

  /** Writes them beside the file and renames, so that a crash leaves the old ones or the new ones. */
  async write(checkpoints: ReadonlyMap<string, string>): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const draft = `${this.#file}.${randomUUID()}.new`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(checkpoints)), { mode: 0o600 });
    await rename(draft, this.#file);
  }

  /** Forgets them. */
  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}
