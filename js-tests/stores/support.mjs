/** What the store tests share: a folder that goes, a Redis connection that closes, a key. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { createClient } from 'redis';

/** A folder of its own, gone after the file's tests. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'oakford-store-'));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
}

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
