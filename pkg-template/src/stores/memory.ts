/** A token store that lives as long as the process or page. */

import type { TokenStore } from '../options.js';
import { expiryOf, isEphemeral } from './ephemeral-keys.js';
import { KeyedMutex } from './keyed-mutex.js';

/** Keeps sessions in memory: the default. They are gone when the process ends or the page is left. */
export function memoryStore(): TokenStore {
  const entries = new Map<string, { value: string; version: string }>();
  const mutex = new KeyedMutex();
  let writes = 0;

  /** Marks are few and their ends in about the order in which they were written. */
  const forgetOldMarks = () => {
    for (const [key, { value }] of entries) {
      if (!isEphemeral(key)) continue;
      if (expiryOf(value) > Date.now()) return;
      entries.delete(key);
    }
  };

  return {
    async get(key) {
      const entry = entries.get(key);
      return entry ? { ...entry } : null;
    },
    async compareAndSwap(key, version, value) {
      if ((entries.get(key)?.version ?? null) !== version) return false;
      if (value === null) entries.delete(key);
      else entries.set(key, { value, version: String(++writes) });
      if (isEphemeral(key)) forgetOldMarks();
      return true;
    },
    withLock: (key, work) => mutex.run(key, () => work()),
  };
}
