/** Where a browser keeps the DPoP keys: an IndexedDB database holds them as objects whose private half nothing can read. */

import { IndexedDatabase, result } from './indexed-database.js';

const database = new IndexedDatabase('oakford-aisp-dpop', 'keys');

/** The pair of that issuer; undefined where there is none, or no database. */
export async function keptPair(issuer: string): Promise<CryptoKeyPair | undefined> {
  return database
    .run('readonly', (keys) => result<CryptoKeyPair | undefined>(keys.get(issuer)))
    .catch(() => undefined);
}

/** Keeps a pair, unless another tab was quicker: then that tab's. Without a database it lasts as long as the page. */
export async function keepPair(issuer: string, pair: CryptoKeyPair): Promise<CryptoKeyPair> {
  try {
    await database.run('readwrite', (keys) => result(keys.add(pair, issuer)), 'strict');
    return pair;
  } catch {
    return (await keptPair(issuer)) ?? pair;
  }
}
