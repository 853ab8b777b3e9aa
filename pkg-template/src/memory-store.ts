/** A token store that lives as long as the process or page. */

import type { TokenStore } from './options.js';

/** Keeps sessions in memory: the default. They are gone when the process ends or the page is left. */
export function memoryStore(): TokenStore {
  const entries = new Map<string, { value: string; version: string }>();
  let writes = 0;
  return {
    async get(key) {
      const entry = entries.get(key);
      return entry ? { ...entry } : null;
    },
    async compareAndSwap(key, version, value) {
      if ((entries.get(key)?.version ?? null) !== version) return false;
      if (value === null) entries.delete(key);
      else entries.set(key, { value, version: String(++writes) });
      return true;
    },
  };
}
