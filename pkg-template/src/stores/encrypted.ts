/** Encryption at rest for any token store, with a WebCrypto key. */

import { configurationError } from '../errors.js';
import type { CryptoKeyLike, RateLimitStore, TokenStore } from '../options.js';
import { isEphemeral } from './ephemeral-keys.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts what `store` keeps, by AES-GCM with a random nonce for each write. The key's name is authenticated too, so that
 * no session can be put in another's place. Names themselves stay readable, as do marks, which hold no secret. What can't be decrypted,
 * since the key is another one or the value was changed, is given as an entry that holds no session.
 *
 * @param store where the encrypted values are kept
 * @param key an AES-GCM key for `encrypt` and `decrypt`; in a browser one that is not extractable
 * @throws {@link ConfigurationError} for a passphrase, or a key that is for something else.
 */
export function encryptedStore<S extends TokenStore & Partial<RateLimitStore>>(
  store: S,
  key: CryptoKeyLike,
): TokenStore & Pick<S, keyof S & keyof RateLimitStore> {
  const aesKey = checked(key);
  const sealed: TokenStore & Partial<RateLimitStore> = {
    async get(name) {
      const entry = await store.get(name);
      if (!entry || isEphemeral(name)) return entry;
      // Without a value that the SDK can read; the version lets a new connection replace it.
      return { value: (await decrypt(aesKey, name, entry.value)) ?? '', version: entry.version };
    },
    async compareAndSwap(name, version, value) {
      const kept = value === null || isEphemeral(name) ? value : await encrypt(aesKey, name, value);
      return store.compareAndSwap(name, version, kept);
    },
  };
  const { withLock, acquire, release } = store;
  if (withLock) {
    sealed.withLock = (name, work) => withLock.call(store, name, work) as ReturnType<typeof work>;
  }
  // Counts hold no secret.
  if (acquire && release) {
    sealed.acquire = acquire.bind(store);
    sealed.release = release.bind(store);
  }
  return sealed as ReturnType<typeof encryptedStore<S>>;
}

async function encrypt(key: CryptoKey, name: string, value: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(iv, name), key, new TextEncoder().encode(value));
  const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), IV_BYTES);
  return toBase64(bytes);
}

/** Undefined where the text is not what this key encrypted under that name. */
async function decrypt(key: CryptoKey, name: string, text: string): Promise<string | undefined> {
  const bytes = fromBase64(text);
  if (!bytes || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  try {
    const iv = bytes.slice(0, IV_BYTES);
    const value = await crypto.subtle.decrypt(parameters(iv, name), key, bytes.slice(IV_BYTES));
    return new TextDecoder().decode(value);
  } catch (error) {
    if ((error as Error).name === 'OperationError') return undefined;
    throw error;
  }
}

/** A key of another kind would only fail once a customer's code is spent. */
function checked(key: unknown): CryptoKey {
  const fail = (found: string) =>
    configurationError(
      'encryptedStore.key',
      'an AES-GCM CryptoKey for encrypt and decrypt made by crypto.subtle',
      found,
    );
  const { algorithm, usages } = Object(key) as Partial<CryptoKey>;
  if (!algorithm || !usages) throw fail(typeof key);
  if (algorithm.name !== 'AES-GCM') throw fail(`a key for ${algorithm.name}`);
  const lacks = (['encrypt', 'decrypt'] as const).find((usage) => !usages.includes(usage));
  if (lacks) throw fail(`a key that can not ${lacks}`);
  return key as CryptoKey;
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

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
