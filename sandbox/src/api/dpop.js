// Checks DPoP proofs of API calls (RFC 9449, 7) with nonces of the API's own.
import { createHash, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

const ALGORITHMS = ['ES256', 'PS256', 'Ed25519', 'EdDSA'];
const WINDOW_SECONDS = 300;
const NONCE_LIFETIME = 120_000;

/** Nonces that change every two minutes; the one before is still good. */
export class DpopNonces {
  #current = fresh();
  #previous = this.#current;
  #since = Date.now();
  /** @type {Map<string, number>} proofs seen, by when they may be forgotten */
  #seen = new Map();

  current() {
    if (Date.now() - this.#since > NONCE_LIFETIME) this.rotate();
    return this.#current;
  }

  rotate() {
    this.#previous = this.#current;
    this.#current = fresh();
    this.#since = Date.now();
  }

  /** @param {string} nonce */
  accepts(nonce) {
    return nonce === this.current() || nonce === this.#previous;
  }

  /** @param {string} id @returns {boolean} false where it was used before */
  useOnce(id) {
    const now = Date.now();
    for (const [old, until] of this.#seen) {
      if (until > now) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, now + 2 * WINDOW_SECONDS * 1000);
    return true;
  }
}

const fresh = () => randomBytes(18).toString('base64url');

/**
 * @param {import('koa').Context} ctx
 * @param {string} accessToken
 * @param {DpopNonces} nonces
 * @param {boolean} nonceNeeded
 * @param {(code: string, description: string) => Error} refuse
 * @returns {Promise<string>} the thumbprint of the proof's key
 */
export async function dpopThumbprint(ctx, accessToken, nonces, nonceNeeded, refuse) {
  const current = nonces.current();
  ctx.set('DPoP-Nonce', current);
  const proof = ctx.get('DPoP');
  if (proof === '') throw refuse('invalid_dpop_proof', 'The DPoP header is missing');
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    algorithms: ALGORITHMS,
    typ: 'dpop+jwt',
  }).catch(() => {
    throw refuse('invalid_dpop_proof', 'The DPoP proof is not a valid JWT');
  });
  const { jti, htm, htu, iat, ath, nonce } = payload;
  const thumbprint = await calculateJwkThumbprint(/** @type {import('jose').JWK} */ (protectedHeader.jwk));
  /** @type {[boolean, string][]} */
  const checks = [
    [typeof jti === 'string' && jti !== '', 'jti is missing'],
    [htm === ctx.method, 'htm is another method'],
    [typeof htu === 'string' && sameTarget(htu, ctx.href), 'htu is another address'],
    [ath === createHash('sha256').update(accessToken).digest('base64url'), 'ath belongs to another token'],
    [typeof iat === 'number', 'iat is missing'],
  ];
  const failed = checks.find(([ok]) => !ok);
  if (failed) throw refuse('invalid_dpop_proof', `The DPoP proof is not for this call: ${failed[1]}`);
  if (nonce === undefined ? nonceNeeded : !nonces.accepts(String(nonce))) {
    throw refuse('use_dpop_nonce', 'The DPoP proof needs the nonce of the header DPoP-Nonce');
  }
  // A nonce dates the proof better than the client's clock does.
  if (nonce === undefined && Math.abs(Date.now() / 1000 - Number(iat)) > WINDOW_SECONDS) {
    throw refuse('invalid_dpop_proof', 'The DPoP proof is too old or from the future');
  }
  if (!nonces.useOnce(`${thumbprint}:${jti}`))
    throw refuse('invalid_dpop_proof', 'The DPoP proof was used before');
  return thumbprint;
}

/** @param {string} htu @param {string} href */
function sameTarget(htu, href) {
  if (!URL.canParse(htu)) return false;
  const [claimed, real] = [new URL(htu), new URL(href)];
  return claimed.origin === real.origin && claimed.pathname === real.pathname;
}
