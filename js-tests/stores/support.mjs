/** What the store tests share: a Redis connection that closes, a key. */
import { after } from 'node:test';
import { createClient } from 'redis';

/** A connection to Redis that closes with the file's tests. */
export async function redisConnection(url) {
  const client = await createClient({ url }).connect();
  after(() => client.destroy());
  return client;
}

/** A key for `encryptedStore`. */
export function aesKey() {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
