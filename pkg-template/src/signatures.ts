/** Signatures by WebCrypto (RFC 7518; RFC 8037): loaded when the first is made or verified. */

/** How WebCrypto calls what JWTs call `alg`. */
export const ALGORITHMS = {
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, use: { name: 'ECDSA', hash: 'SHA-256' } },
  PS256: { key: { name: 'RSA-PSS', hash: 'SHA-256' }, use: { name: 'RSA-PSS', saltLength: 32 } },
  RS256: { key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, use: { name: 'RSASSA-PKCS1-v1_5' } },
  EdDSA: { key: { name: 'Ed25519' }, use: { name: 'Ed25519' } },
};

/** A name in `ALGORITHMS`. */
export type Algorithm = keyof typeof ALGORITHMS;

/** Whether the public key `jwk` verifies the signature. A key that is none verifies nothing: it may be a decoy. */
export async function verify(
  jwk: string,
  algorithm: Algorithm,
  input: string,
  signature: string,
): Promise<boolean> {
  const { key, use } = ALGORITHMS[algorithm];
  const subtle = webCrypto();
  try {
    const imported = await subtle.importKey('jwk', JSON.parse(jwk), key, false, ['verify']);
    return await subtle.verify(use, imported, fromBase64url(signature), utf8(input));
  } catch (error) {
    // A platform without the algorithm is a failure that has to be seen.
    if ((error as Error).name === 'NotSupportedError') throw error;
    return false;
  }
}

/** SHA-512 of a text. */
export async function sha512(text: string): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest('SHA-512', utf8(text)));
}

/** WebCrypto; throws where it is missing, which `createClient` refuses for clients that need it. */
export function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new Error('`crypto.subtle` is missing.');
  return subtle;
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Base64url without padding (RFC 7515, section 2). */
export function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
