/**
 * An IndexedDB database with one object store. Browsers close its connection without an event (iOS), or fail to open it once:
 * then a call opens it again, and tries once more.
 */

/** An `open` that takes longer has failed: some browsers never answer the first one. */
const OPEN_TIMEOUT_MS = 5_000;

/** A database of that name. Nothing is opened before the first transaction. */
export class IndexedDatabase {
  readonly #name: string;
  readonly #table: string;
  #opened: Promise<IDBDatabase> | undefined;

  constructor(name: string, table: string) {
    this.#name = name;
    this.#table = table;
  }

  /**
   * Runs `work` in one transaction and resolves with its result once the transaction is complete. If `work` rejects, nothing is
   * written. `work` may run twice if it only reads. Inside it, await nothing but `result` of requests.
   */
  async run<T>(
    mode: 'readonly' | 'readwrite',
    work: (table: IDBObjectStore) => Promise<T>,
    durability: 'default' | 'strict' = 'default',
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let begun = false;
      let opened: Promise<IDBDatabase> | undefined;
      try {
        opened = this.#opened ??= open(this.#name, this.#table, () => this.#forget(opened));
        const transaction = (await opened).transaction(this.#table, mode, { durability });
        begun = true;
        return await finished(transaction, work(transaction.objectStore(this.#table)));
      } catch (error) {
        // The connection may be of no more use, and nothing says so reliably.
        this.#forget(opened);
        opened?.then((database) => database.close()).catch(() => {});
        // A write that began may have been done.
        if (attempt === 2 || (begun && mode === 'readwrite')) throw error;
      }
    }
  }

  #forget(opened: Promise<IDBDatabase> | undefined): void {
    if (this.#opened === opened) this.#opened = undefined;
  }
}

/** The result of a request. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function finished<T>(transaction: IDBTransaction, work: Promise<T>): Promise<T> {
  const complete = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'));
  });
  try {
    const [value] = await Promise.all([work, complete]);
    return value;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    throw error;
  }
}

function open(name: string, table: string, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    const timer = setTimeout(() => {
      request.onsuccess = () => request.result.close();
      reject(new Error(`IndexedDB did not open ${name} within ${OPEN_TIMEOUT_MS / 1000} s.`));
    }, OPEN_TIMEOUT_MS);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
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
