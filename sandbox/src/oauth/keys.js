// The provider's signing keys and the demo FAPI client's key, made once in each process: none is kept in a file.
import { exportJWK, generateKeyPair } from 'jose';

/** @typedef {import('jose').JWK} JWK */

/** @type {Promise<{ provider: { keys: JWK[] }, fapiClient: JWK }> | undefined} */
let made;

/** Shared by the sandboxes of a process, because RSA keys take a while to make. */
export function signingKeys() {
  made ??= makeKeys();
  return made;
}

async function makeKeys() {
  const [es256, rsa, ed25519, client] = await Promise.all([
    privateKey('ES256', 'sandbox-es256'),
    privateKey('PS256', 'sandbox-rsa'),
    privateKey('Ed25519', 'sandbox-ed25519'),
    privateKey('ES256', 'oakford-demo-fapi-1'),
  ]);
  // Without `alg` one RSA key serves RS256 and PS256.
  const provider = [{ ...es256, alg: 'ES256' }, rsa, { ...ed25519, alg: 'Ed25519' }];
  return { provider: { keys: provider }, fapiClient: { ...client, alg: 'ES256' } };
}

/**
 * @param {string} alg
 * @param {string} kid
 * @returns {Promise<JWK>}
 */
async function privateKey(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use: 'sig' };
}

/**
 * @param {JWK} jwk
 * @returns {JWK} its public members
 */
export function publicJwk(jwk) {
  const { d, p, q, dp, dq, qi, ...rest } = jwk;
  return rest;
}
