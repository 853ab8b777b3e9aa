/** Keys for `encryptedStore`. */

/** Generates an AES-GCM key. */
export function aesKey() {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
