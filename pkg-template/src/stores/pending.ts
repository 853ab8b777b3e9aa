/** Keeps pending authorizations in the browser's IndexedDB, where the tab that gets the callback finds them. */

import { text } from '../bridge.js';
import { describe } from '../causes.js';
import { makeError } from '../errors.js';
import type { PendingAuthorization } from '../options.js';

const DATABASE = 'oakford-aisp-pending';
const TABLE = 'pending';

/** Keeps pending authorizations between the redirect and the callback; made by `pendingStore`. */
export interface PendingStore<Extra extends object = object> {
  /**
   * Keeps `pending` until its `expiresAt`. Await it before the customer leaves the page.
   *
   * @throws {@link ConfigurationError} if IndexedDB is missing or fails (`pending_store_failed`).
   */
  save(pending: PendingAuthorization & Extra): Promise<void>;
  /**
   * Removes the pending authorization whose state is in `callbackUrl`, and returns it. If several tabs
   * call this, one gets it. Returns null if there is none: it began in another browser, expired, or was
   * taken before. Then let the customer begin again.
   *
   * @param callbackUrl the whole URL that the customer came back by
   * @throws {@link ConfigurationError} if IndexedDB is missing or fails (`pending_store_failed`).
   */
  take(callbackUrl: string | { readonly href: string }): Promise<(PendingAuthorization & Extra) | null>;
}

/**
 * Returns a store for pending authorizations in IndexedDB, which all tabs of the origin share: a bank's
 * app often brings the customer back in a new tab. Entries outlive their tab, and any script of the
 * origin can read them until they are taken or expire. On a server keep `pending` in the session cookie.
 *
 * @typeParam Extra members of the application that are kept with `pending`, such as the session's key
 *
 * @example
 * const { url, pending } = await client.beginAuthorization();
 * await pendingStore().save(pending);
 */
export function pendingStore<Extra extends object = object>(): PendingStore<Extra> {
  type Kept = PendingAuthorization & Extra;
  return {
    async save(pending) {
      const state = text('pending.state', pending?.state);
      // A plain copy, because IndexedDB refuses proxies, such as those of Vue.
      const copy: unknown = JSON.parse(JSON.stringify(pending));
      await update((table) => {
        table.put(copy, state);
        removeEntries(table, (_, entry) => hasExpired(entry));
      });
    },
    async take(callbackUrl) {
      const state = stateOf(text('callbackUrl', (callbackUrl as URL)?.href ?? callbackUrl));
      let taken: Kept | null = null;
      await update((table) =>
        removeEntries<Kept>(table, (key, entry) => {
          if (hasExpired(entry)) return true;
          if (key === state) taken = entry;
          return key === state;
        }),
      );
      return taken;
    },
  };
}

function stateOf(callbackUrl: string): string | null {
  const [address = ''] = callbackUrl.split('#');
  return new URLSearchParams(address.slice(address.indexOf('?') + 1)).get('state');
}

/** Also true if the entry is damaged. */
const hasExpired = ({ expiresAt }: PendingAuthorization) => !(Date.parse(expiresAt) > Date.now());

/** Removes the entries that `matches` accepts. */
function removeEntries<Entry extends PendingAuthorization>(
  table: IDBObjectStore,
  matches: (key: IDBValidKey, entry: Entry) => boolean,
): void {
  const request = table.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (matches(cursor.key, cursor.value)) cursor.delete();
    cursor.continue();
  };
}

/** Runs `work` in one transaction, which the transactions of other tabs wait for. */
async function update(work: (table: IDBObjectStore) => void): Promise<void> {
  const site = new Error();
  try {
    const database = await open();
    try {
      // Strict: the entry is on the disk before the customer leaves the page.
      const transaction = database.transaction(TABLE, 'readwrite', { durability: 'strict' });
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
        work(transaction.objectStore(TABLE));
      });
    } finally {
      database.close();
    }
  } catch (cause) {
    const message =
      'The browser’s IndexedDB is missing or refuses access (see cause). Allow the site to store data; on a server keep pending in the session cookie.';
    const causes = describe(cause);
    throw makeError({ class: 'ConfigurationError', code: 'pending_store_failed', message, causes }, site);
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
  });
}
