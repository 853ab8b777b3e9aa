/** Where a browser keeps the DPoP keys: an IndexedDB database holds them as objects whose private half nothing can read. */

const DATABASE = 'oakford-aisp-dpop';
const STORE = 'keys';

/** The pair of that issuer; undefined where there is none, or no database. */
export async function keptPair(issuer: string): Promise<CryptoKeyPair | undefined> {
  return inDatabase('readonly', (store) => store.get(issuer)).catch(() => undefined);
}

/** Keeps a pair, unless another tab was quicker: then that tab's. Without a database it lasts as long as the page. */
export async function keepPair(issuer: string, pair: CryptoKeyPair): Promise<CryptoKeyPair> {
  try {
    await inDatabase('readwrite', (store) => store.add(pair, issuer));
    return pair;
  } catch {
    return (await keptPair(issuer)) ?? pair;
  }
}

async function inDatabase<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    return await settled(asked);
  } finally {
    database.close();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
