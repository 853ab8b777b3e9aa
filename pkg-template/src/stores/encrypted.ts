/** Encryption at rest for any token store, with a WebCrypto key. */

import type { CryptoKeyLike, TokenStore } from '../options.js';
import { isMark } from './marks.js';

const IV_BYTES = 12;

/**
 * Encrypts what `store` keeps, by AES-GCM with a random nonce for each write. The key's name is authenticated too, so that
 * no session can be put in another's place. Names themselves stay readable, as do marks, which hold no secret.
 *
 * @param store where the encrypted values are kept
 * @param key an AES-GCM key for `encrypt` and `decrypt`; in a browser one that is not extractable
 */
export function encryptedStore(store: TokenStore, key: CryptoKeyLike): TokenStore {
  const aesKey = key as CryptoKey;
  const sealed: TokenStore = {
    async get(name) {
      const entry = await store.get(name);
      if (!entry || isMark(name)) return entry;
      return { value: await decrypt(aesKey, name, entry.value), version: entry.version };
    },
    async compareAndSwap(name, version, value) {
      const kept = value === null || isMark(name) ? value : await encrypt(aesKey, name, value);
      return store.compareAndSwap(name, version, kept);
    },
  };
  const { withLock, reserve, settle } = store;
  if (withLock) {
    sealed.withLock = (name, work) => withLock.call(store, name, work) as ReturnType<typeof work>;
  }
  // Counts hold no secret.
  if (reserve && settle) {
    sealed.reserve = reserve.bind(store);
    sealed.settle = settle.bind(store);
  }
  return sealed;
}

async function encrypt(key: CryptoKey, name: string, value: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(iv, name), key, new TextEncoder().encode(value));
  const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), IV_BYTES);
  return toBase64(bytes);
}

async function decrypt(key: CryptoKey, name: string, text: string): Promise<string> {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const iv = bytes.slice(0, IV_BYTES);
    const value = await crypto.subtle.decrypt(parameters(iv, name), key, bytes.slice(IV_BYTES));
    return new TextDecoder().decode(value);
  } catch (cause) {
    throw new Error(
      'A stored session can not be decrypted: the key is another one, or the value was changed.',
      { cause },
    );
  }
}

const parameters = (iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(name),
});

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
