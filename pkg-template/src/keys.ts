/**
 * The client's own keys: the one that it authenticates with, and the one that its tokens are bound to (RFC 9449). Loaded only where there is
 * one. No private key leaves this file.
 *
 * Rules: `docs/security.md#key-per-issuer`, `docs/security.md#unexportable-key`.
 */

import { configurationError } from './errors.js';
import { keepPair, keptPair } from './key-database.js';
import type { DpopKeys, JsonWebKeyLike, PrivateKeyJwt } from './options.js';
import { ALGORITHMS, type Algorithm, base64url, utf8, webCrypto } from './signatures.js';

/** What an application says of its keys. */
export interface OwnKeys {
  client?: PrivateKeyJwt | undefined;
  /** Absent: the platform makes one and keeps it. */
  dpop?: DpopKeys | undefined;
}

interface Signer {
  key: CryptoKey;
  algorithm: Algorithm;
  /** `alg` as it is written: Ed25519 has two names. */
  name: string;
}

interface ProofKey extends Signer {
  jwk: JsonWebKey;
}

/** The keys made in this process, one for each issuer: on servers they last as long as it does. */
const made = new Map<string, Promise<CryptoKeyPair>>();

/** The keys of one client. */
export class Keys {
  readonly #own: OwnKeys;
  #client: Signer | undefined;
  #proof: ProofKey | undefined;

  constructor(own: OwnKeys) {
    this.#own = own;
  }

  /** Imports what the application brought; throws a `ConfigurationError` that names the option where it can't be used. */
  async check(): Promise<void> {
    const { client, dpop } = this.#own;
    if (client) this.#client = await clientSigner(client);
    if (dpop) this.#proof = await ownProofKey(dpop);
  }

  /** `{ alg, kid? }` of the key that the client authenticates with, as JSON. */
  clientKey(): string {
    const jwk = this.#own.client?.privateKey;
    const kid = this.#own.client?.kid ?? (jwk && 'kid' in jwk ? jwk.kid : undefined);
    return JSON.stringify({ alg: this.#client?.name, kid });
  }

  /** `{ alg, jwk }` of the key that tokens of `issuer` are bound to; where there is none, one is made for `algorithm`. */
  async proofKey(issuer: string, algorithm: string | undefined): Promise<string | undefined> {
    this.#proof ??= await platformKey(issuer, algorithm);
    return this.#proof && JSON.stringify({ alg: this.#proof.name, jwk: this.#proof.jwk });
  }

  /** The signature of a text, in base64url. */
  async sign(proof: boolean, input: string): Promise<string> {
    const signer = proof ? this.#proof : this.#client;
    if (!signer) throw new Error('There is no such key.');
    const { use } = ALGORITHMS[signer.algorithm];
    return base64url(await webCrypto().sign(use, signer.key, utf8(input)));
  }
}

async function clientSigner({ privateKey, alg }: PrivateKeyJwt): Promise<Signer> {
  const path = 'clientAuth.privateKey';
  const key = await privateKeyOf(privateKey, path);
  const algorithm = algorithmOf(key, path);
  const wanted = alg === 'Ed25519' ? 'EdDSA' : alg;
  if (wanted !== undefined && wanted !== algorithm) {
    throw configurationError('clientAuth.alg', `${algorithm}, for which the key is`, 'another algorithm');
  }
  return { key, algorithm, name: alg ?? algorithm };
}

async function ownProofKey(keys: DpopKeys): Promise<ProofKey> {
  const { privateKey, publicKey } = 'privateKey' in keys ? keys : { privateKey: keys, publicKey: keys };
  const key = await privateKeyOf(privateKey, 'dpop');
  const shown = publicKey ?? privateKey;
  const jwk = isCryptoKey(shown) ? await exported(shown) : (shown as JsonWebKey);
  const algorithm = algorithmOf(key, 'dpop');
  const pair: ProofKey = { key, algorithm, name: algorithm, jwk: publicMembers(jwk) };
  await checkPair(pair);
  return pair;
}

/** Two halves that don't belong together would only show as a refusal of the server. */
async function checkPair({ key, algorithm, jwk }: ProofKey): Promise<void> {
  const subtle = webCrypto();
  const { key: shape, use } = ALGORITHMS[algorithm];
  const signature = await subtle.sign(use, key, utf8('pair'));
  const fits = await subtle
    .importKey('jwk', jwk, shape, false, ['verify'])
    .then((half) => subtle.verify(use, half, signature, utf8('pair')))
    .catch(() => false);
  if (!fits) throw configurationError('dpop', 'a private key with its public key', 'two that are no pair');
}

async function exported(key: CryptoKey): Promise<JsonWebKey> {
  if (!key.extractable) throw configurationError('dpop', 'a public key that can be exported', 'another key');
  return webCrypto().exportKey('jwk', key);
}

/** The private key as one of WebCrypto that can't be exported. */
async function privateKeyOf(given: unknown, path: string): Promise<CryptoKey> {
  const expected = 'a private key for ES256, PS256 or EdDSA as CryptoKey or JWK';
  if (isCryptoKey(given)) {
    if (given.type === 'private' && given.usages.includes('sign')) return given;
    throw configurationError(path, expected, 'a key that does not sign');
  }
  const jwk = given as JsonWebKeyLike | null;
  if (typeof jwk !== 'object' || jwk === null) throw configurationError(path, expected, typeof given);
  const algorithm = { EC: 'ES256', RSA: 'PS256', OKP: 'EdDSA' }[jwk.kty ?? ''] as Algorithm | undefined;
  if (!algorithm || jwk.d === undefined)
    throw configurationError(path, expected, 'a key without private part');
  const members = Object.entries(jwk).filter(([name]) => !['alg', 'ext', 'key_ops', 'use'].includes(name));
  const subtle = webCrypto();
  return subtle
    .importKey('jwk', Object.fromEntries(members), ALGORITHMS[algorithm].key, false, ['sign'])
    .catch(() => {
      throw configurationError(path, expected, 'a JWK that the platform does not accept');
    });
}

function isCryptoKey(value: unknown): value is CryptoKey {
  // By its tag, as a key of another realm is no instance of this realm's class, and jsdom has no such class.
  return Object.prototype.toString.call(value) === '[object CryptoKey]';
}

function algorithmOf(key: CryptoKey, path: string): Algorithm {
  const { name, namedCurve, hash, modulusLength } = key.algorithm as {
    name: string;
    namedCurve?: string;
    hash?: { name: string };
    modulusLength?: number;
  };
  if (name === 'ECDSA' && namedCurve === 'P-256') return 'ES256';
  if (name === 'Ed25519') return 'EdDSA';
  // FAPI 2.0, "Cryptography and Secrets": RSA keys have 2048 bits or more.
  if (name === 'RSA-PSS' && hash?.name === 'SHA-256' && (modulusLength ?? 0) >= 2048) return 'PS256';
  throw configurationError(
    path,
    'a key for ES256, PS256 (2048 bits or more) or EdDSA',
    'a key for another algorithm',
  );
}

/** The key that the platform keeps for an issuer: in a browser's database, or in this process. */
async function platformKey(issuer: string, algorithm: string | undefined): Promise<ProofKey | undefined> {
  let pair = made.get(issuer);
  if (!pair) {
    const kept = await keptPair(issuer);
    if (!kept && algorithm === undefined) return undefined;
    // Another call may have been quicker.
    pair = made.get(issuer) ?? (kept ? Promise.resolve(kept) : makePair(issuer, String(algorithm)));
    made.set(issuer, pair);
    pair.catch(() => made.delete(issuer));
  }
  const { privateKey, publicKey } = await pair;
  const name = algorithmOf(privateKey, 'dpop');
  const jwk = publicMembers(await webCrypto().exportKey('jwk', publicKey));
  return { key: privateKey, algorithm: name, name, jwk };
}

/** The private half can't be exported: a script that gets into the page can use it while it is there, and can't take it away. */
async function makePair(issuer: string, name: string): Promise<CryptoKeyPair> {
  const { key } = ALGORITHMS[(name === 'Ed25519' ? 'EdDSA' : name) as Algorithm];
  const shape = key.name === 'RSA-PSS' ? { ...key, modulusLength: 2048, publicExponent: F4 } : key;
  const pair = await webCrypto().generateKey(shape, false, ['sign', 'verify']);
  return keepPair(issuer, pair as CryptoKeyPair);
}

/** 65537. */
const F4 = new Uint8Array([1, 0, 1]);

function publicMembers(jwk: JsonWebKey): JsonWebKey {
  const { kty, crv, x, y, n, e } = jwk;
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }));
}
