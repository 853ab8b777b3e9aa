/** A token store in the browser's IndexedDB, shared by the tabs of an origin. */

import { IndexedDatabase, result } from '../indexed-database.js';
import type { RateLimitStore, TokenStore } from '../options.js';
import { tabsRateLimitStore } from '../rate-limit-stores/tabs.js';
import { expiryOf } from './ephemeral-keys.js';

/** Returns a version that was never used before, also if an entry was deleted and written again. */
const newVersion = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

interface Entry {
  value: string;
  version: string;
}

/**
 * Keeps sessions in IndexedDB: they survive a reload, and all tabs of the origin share them. By Web Locks one tab at
 * a time renews a session. All tabs keep to one rate limit. Any script of the origin can read the sessions: see `encryptedStore`.
 */
export function indexedDbStore(
  options: { /** The database. Default: `oakford-aisp`. */ name?: string } = {},
): TokenStore & RateLimitStore {
  const { name = 'oakford-aisp' } = options;
  const database = new IndexedDatabase(name, 'entries');

  const store: TokenStore & RateLimitStore = {
    ...tabsRateLimitStore,
    async get(key) {
      return read(await database.run('readonly', (table) => result(table.get(key))));
    },
    compareAndSwap(key, version, value) {
      // Strict: new tokens are on the disk before they are used.
      return database.run('readwrite', (table) => swap(table, key, version, value), 'strict');
    },
  };
  // Absent in old browsers and on insecure origins: then the SDK writes leases.
  const locks = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
  if (!locks) return store;
  return {
    ...store,
    withLock: (key, work) => locks.request(`${name}:${key}`, () => work()) as ReturnType<typeof work>,
  };
}

/** Compares and swaps inside a transaction, which the other tabs wait for. */
async function swap(
  table: IDBObjectStore,
  key: string,
  version: string | null,
  value: string | null,
): Promise<boolean> {
  const entry = read(await result(table.get(key)));
  if ((entry?.version ?? null) !== version) return false;
  if (value === null) table.delete(key);
  else table.put({ value, version: newVersion() } satisfies Entry, key);
  if (key.startsWith('used:')) forgetOldMarks(table);
  return true;
}

/** A stored value that is no entry has the value `''`, which holds no session, and a version by which a new connection replaces it. */
function read(stored: unknown): Entry | null {
  if (stored === undefined) return null;
  const { value, version } = Object(stored);
  if (typeof value === 'string' && typeof version === 'string') return { value, version };
  return { value: '', version: 'unreadable' };
}

function forgetOldMarks(table: IDBObjectStore): void {
  const request = table.openCursor(IDBKeyRange.bound('used:', 'used;'));
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (expiryOf(read(cursor.value)?.value ?? '') <= Date.now()) cursor.delete();
    cursor.continue();
  };
}
