/** Keeps pending authorizations in the browser's IndexedDB, where the tab that gets the callback finds them. */

import { describe } from '../causes.js';
import { text } from '../core-client.js';
import { makeError } from '../errors.js';
import { PENDING_STORE_FAILED } from '../generated/host-errors.js';
import { IndexedDatabase, result } from '../indexed-database.js';
import type { PendingAuthorization } from '../options.js';

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
  const database = new IndexedDatabase('oakford-aisp-pending', 'pending');
  // Strict: the entry is on the disk before the customer leaves the page.
  const update = <T>(work: (entries: IDBObjectStore) => Promise<T>) => {
    const callSite = new Error();
    return database.run('readwrite', work, 'strict').catch((cause) => fail(cause, callSite));
  };
  return {
    async save(pending) {
      const state = text('pending.state', pending?.state);
      // A plain copy, because IndexedDB refuses proxies, such as those of Vue.
      const copy: unknown = JSON.parse(JSON.stringify(pending));
      await update((entries) => {
        entries.put(copy, state);
        return removeExpired(entries);
      });
    },
    async take(callbackUrl) {
      const state = stateOf(text('callbackUrl', (callbackUrl as URL)?.href ?? callbackUrl));
      return update(async (entries) => {
        const pending = (await removeExpired<Kept>(entries)).find((entry) => entry.state === state);
        if (pending) entries.delete(pending.state);
        return pending ?? null;
      });
    },
  };
}

function stateOf(callbackUrl: string): string | null {
  const [address = ''] = callbackUrl.split('#');
  return new URLSearchParams(address.slice(address.indexOf('?') + 1)).get('state');
}

/** Deletes the entries that expired and returns the others. */
async function removeExpired<Kept extends PendingAuthorization>(entries: IDBObjectStore): Promise<Kept[]> {
  const all = await result<Kept[]>(entries.getAll());
  return all.filter(({ state, expiresAt }) => {
    const isLive = Date.parse(expiresAt) > Date.now();
    if (!isLive) entries.delete(state);
    return isLive;
  });
}

function fail(cause: unknown, callSite: Error): never {
  const causes = describe(cause);
  throw makeError({ ...PENDING_STORE_FAILED, causes }, callSite);
}
