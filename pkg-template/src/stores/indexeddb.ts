/** A token store in the browser's IndexedDB, shared by the tabs of an origin. */

import type { TokenStore } from '../options.js';
import { endOfMark } from './marks.js';

const TABLE = 'entries';

/** A version that was never given before, also where an entry was deleted and written anew. */
const newVersion = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

interface Entry {
  value: string;
  version: string;
}

/**
 * Keeps sessions in IndexedDB: they survive a reload, and all tabs of the origin share them. Web Locks see to it that one tab at
 * a time renews a session. Any script of the origin can read what is kept: see `encryptedStore`.
 */
export function indexedDbStore(
  options: { /** The database. Default: `oakford-aisp`. */ name?: string } = {},
): TokenStore {
  const { name = 'oakford-aisp' } = options;
  let opened: Promise<IDBDatabase> | undefined;

  const database = () => {
    opened ??= open(name, () => {
      opened = undefined;
    });
    return opened;
  };

  const store: TokenStore = {
    async get(key) {
      const transaction = (await database()).transaction(TABLE, 'readonly');
      const entry = await settled<Entry | undefined>(transaction.objectStore(TABLE).get(key));
      return entry ? { value: entry.value, version: entry.version } : null;
    },
    async compareAndSwap(key, version, value) {
      // Strict: new tokens are on the disk before they are used.
      const transaction = (await database()).transaction(TABLE, 'readwrite', { durability: 'strict' });
      const done = completed(transaction);
      const swapped = await swap(transaction.objectStore(TABLE), key, version, value);
      await done;
      return swapped;
    },
  };
  // Absent in old browsers and on insecure origins: then the SDK writes leases.
  const locks = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
  if (!locks) return store;
  return {
    ...store,
    withLock: (key, work) => locks.request(`${name}:${key}`, work) as ReturnType<typeof work>,
  };
}

/** One turn of an IndexedDB transaction, which other tabs wait for. */
async function swap(
  table: IDBObjectStore,
  key: string,
  version: string | null,
  value: string | null,
): Promise<boolean> {
  const entry = await settled<Entry | undefined>(table.get(key));
  if ((entry?.version ?? null) !== version) return false;
  if (value === null) table.delete(key);
  else table.put({ value, version: newVersion() } satisfies Entry, key);
  if (key.startsWith('used:')) forgetOldMarks(table);
  return true;
}

function forgetOldMarks(table: IDBObjectStore): void {
  const request = table.openCursor(IDBKeyRange.bound('used:', 'used;'));
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (endOfMark((cursor.value as Entry).value) <= Date.now()) cursor.delete();
    cursor.continue();
  };
}

function open(name: string, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onerror = () => {
      closed();
      reject(request.error);
    };
    request.onsuccess = () => {
      const database = request.result;
      // The user cleared the site's data, or another tab deletes the database.
      database.onclose = closed;
      database.onversionchange = () => {
        database.close();
        closed();
      };
      resolve(database);
    };
  });
}

function settled<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  // Where a request failed, that failure is told.
  done.catch(() => {});
  return done;
}
