/** The options of the public interface. */

import type { CertificateFetch } from './certificate.js';
import type { AispEvent } from './events.js';
import type { Fetch } from './fetch.js';

/** An `AbortSignal` by its shape, so that these types need no DOM. */
export interface AbortSignalLike {
  /** Whether it aborted already. */
  readonly aborted: boolean;
  /** Why: becomes the `cause` of the `AbortError`, unchanged. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the platform's own type.
  readonly reason: any;
  /** As on any event target. */
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  /** As on any event target. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A `Headers` by its shape. */
export interface HeadersLike extends Iterable<[string, string]> {
  /** The header's value, several joined by `, `; null where there is none. Names are in any case. */
  get(name: string): string | null;
  /** Whether the header is there. */
  has(name: string): boolean;
}

/** At most `limit` calls, each of which counts until `ms` milliseconds after its response. */
export type RateWindow = readonly [limit: number, ms: number];

/**
 * Counts calls for all processes or tabs that share a rate limit. `redisStore` and `indexedDbStore` are both a token store and a
 * rate limit store; `checkRateLimitStore` of `@oakford/aisp/testing` checks one of your own.
 */
export interface RateLimitStore {
  /**
   * Counts `call` if every window has room for it, atomically, and resolves with 0. Else resolves with the milliseconds after which to ask
   * again, and counts nothing. A call that is never released counts as answered after `leaseMs`. `quota` names the limit.
   */
  acquire(quota: string, windows: readonly RateWindow[], call: string, leaseMs: number): Promise<number>;
  /** Ends a call that `acquire` counted. `sent` true: its response arrived now. False: it was never sent and does not count. */
  release(quota: string, call: string, sent: boolean): Promise<void>;
}

/** Where tokens are kept. What is stored is one opaque string that holds secrets; keys are the caller's. */
export interface TokenStore {
  /**
   * The value under `key` and the version that `compareAndSwap` compares; null where there is none. A failure throws. An entry that can't be
   * read has the value `''` and a version, by which a new connection replaces it.
   */
  get(key: string): Promise<{
    /** The opaque string that was stored. */
    value: string;
    /** What every write changes. */
    version: string;
  } | null>;
  /**
   * Writes `value` (null: deletes) if the stored version is still `version` (null: absent), atomically.
   * False if another caller wrote before.
   */
  compareAndSwap(key: string, version: string | null, value: string | null): Promise<boolean>;
  /**
   * Runs `work` while nobody else holds the lock of `key`. Optional: without it a lease is written through `compareAndSwap`. A store whose
   * locks end by themselves passes `isHeld`: it is asked right before a refresh token is sent, which is left if the lock is lost.
   */
  withLock?<T>(key: string, work: (isHeld?: () => Promise<boolean>) => Promise<T>): Promise<T>;
}

/** Oakford's environments, or a server of one's own. */
export type Environment =
  | 'sandbox'
  | 'production'
  | {
      /** The base URL of the API: https, or http on loopback and the hosts of `allowInsecureHosts`. */
      baseUrl: string;
      /** The issuer of the authorization server. Default: the base URL's origin. */
      issuer?: string | undefined;
    };

/** A WebCrypto `CryptoKey` by its shape, so that these types need no DOM. */
export interface CryptoKeyLike {
  /** `private` or `public`. */
  readonly type: string;
  /** Whether it can be exported; a private key need not be. */
  readonly extractable: boolean;
  /** What it is for, such as `{ name: 'ECDSA', namedCurve: 'P-256' }`. */
  readonly algorithm: {
    /** WebCrypto's name of the algorithm. */
    name: string;
  };
  /** What it may do; a private key has to be for `sign`. */
  readonly usages: readonly string[];
}

/** A JSON Web Key (RFC 7517; its members: RFC 7518, section 6, and RFC 8037, section 2). */
export interface JsonWebKeyLike {
  /** The kind of key: `EC`, `RSA` or `OKP`. */
  kty?: string | undefined;
  /** The curve: `P-256` or `Ed25519`. */
  crv?: string | undefined;
  /** The public point's first coordinate, or the Ed25519 public key; base64url, as all numbers here. */
  x?: string | undefined;
  /** The public point's second coordinate. */
  y?: string | undefined;
  /** The RSA modulus. */
  n?: string | undefined;
  /** The RSA public exponent. */
  e?: string | undefined;
  /** The private key, or the RSA private exponent. */
  d?: string | undefined;
  /** The first RSA prime. */
  p?: string | undefined;
  /** The second RSA prime. */
  q?: string | undefined;
  /** The first RSA factor's exponent. */
  dp?: string | undefined;
  /** The second RSA factor's exponent. */
  dq?: string | undefined;
  /** The first RSA coefficient. */
  qi?: string | undefined;
  /** The key's id. */
  kid?: string | undefined;
  /** The algorithm that it is for. */
  alg?: string | undefined;
  /** `sig`, if it is given. */
  use?: string | undefined;
}

/** A key pair, as of WebCrypto or as JWKs; of JWKs the private one is enough. */
export type DpopKeys =
  | {
      /** Need not be extractable. */
      privateKey: CryptoKeyLike;
      /** Its public half, which goes into every proof (RFC 9449, section 4.2). */
      publicKey: CryptoKeyLike | JsonWebKeyLike;
    }
  | {
      /** Holds its public half too. */
      privateKey: JsonWebKeyLike;
      /** Default: that of the private JWK. */
      publicKey?: CryptoKeyLike | JsonWebKeyLike;
    }
  | JsonWebKeyLike;

/** The client signs an assertion with its own key (RFC 7523). */
export interface PrivateKeyJwt {
  /** The name of the method (OpenID Connect Core, section 9). */
  method: 'private_key_jwt';
  /** For ES256 (P-256), PS256 (RSA of 2048 bits or more) or EdDSA (Ed25519). */
  privateKey: CryptoKeyLike | JsonWebKeyLike;
  /** The key's id, by which the server finds the public half. Default: the JWK's `kid`. */
  kid?: string | undefined;
  /** Default: what the key is for. `Ed25519` is the newer name of `EdDSA`. */
  alg?: 'ES256' | 'PS256' | 'EdDSA' | 'Ed25519' | undefined;
}

/** The client is known by the certificate of its connections (RFC 8705); needs a `fetch` that presents it, such as `mtlsFetch`. */
export interface TlsClientAuth {
  /** The name of the method (RFC 8705, section 2.1). */
  method: 'tls_client_auth';
}

/** How the client authenticates to the authorization server. */
export type ClientAuth =
  | {
      /** The secret in an `Authorization: Basic` header (RFC 6749, section 2.3.1): the default where there is a secret. */
      method: 'client_secret_basic';
    }
  | {
      /** The secret in the body (RFC 6749, section 2.3.1). */
      method: 'client_secret_post';
    }
  | {
      /** A public client, protected by PKCE: the default where there is no secret. */
      method: 'none';
    }
  | PrivateKeyJwt
  | TlsClientAuth;

/** What `createClient` takes: the options of one of the two profiles. */
// The order matters: of a union, the compiler names the last type if it can't find out which one was meant.
export type ClientOptions = Fapi2Options | OAuth2Options;

/** The profile `fapi2`: the FAPI 2.0 Security Profile. Nothing weaker can be said with it, and no secret. */
export type Fapi2Options = Fapi2ByCertificate | Fapi2ByCertificateAndKey | Fapi2ByKey;

/** The profile `fapi2` with a certificate alone: the client is known by it, and tokens are bound to it. */
export interface Fapi2ByCertificate extends CommonOptions {
  /** Turns the profile on. */
  profile: 'fapi2';
  /** There is none in this profile. */
  clientSecret?: never;
  /** The client is known by the certificate. */
  clientAuth: TlsClientAuth;
  /** Presents the certificate: that of `mtlsFetch`, or one of your own. */
  fetch: Fetch;
  /** Default: false, since the certificate binds the tokens. */
  dpop?: boolean | DpopKeys | undefined;
}

/** The profile `fapi2` with a key, by which the client is known, and connections that present a certificate, to which tokens are bound. */
export interface Fapi2ByCertificateAndKey extends CommonOptions {
  /** Turns the profile on. */
  profile: 'fapi2';
  /** There is none in this profile. */
  clientSecret?: never;
  /** The client signs with its key. */
  clientAuth: PrivateKeyJwt;
  /** Presents the certificate. */
  fetch: CertificateFetch;
  /** Default: false, since the certificate binds the tokens. */
  dpop?: boolean | DpopKeys | undefined;
}

/** The profile `fapi2` with a key, by which the client is known, and tokens that are bound to a DPoP key. */
export interface Fapi2ByKey extends CommonOptions {
  /** Turns the profile on. */
  profile: 'fapi2';
  /** There is none in this profile. */
  clientSecret?: never;
  /** The client signs with its key. */
  clientAuth: PrivateKeyJwt;
  /** Default: `globalThis.fetch`. */
  fetch?: Fetch | undefined;
  /** Default: true. */
  dpop?: true | DpopKeys | undefined;
}

/** The profile `oauth2`: OAuth 2.0 with the security best current practice (RFC 9700). */
export interface OAuth2Options extends CommonOptions {
  /** Default: `'oauth2'`. */
  profile?: 'oauth2' | undefined;
  /** On servers only: refused in a browser. */
  clientSecret?: string | undefined;
  /** Default: `client_secret_basic` where there is a secret, else `none`. */
  clientAuth?: ClientAuth | undefined;
  /** Default: `globalThis.fetch`. */
  fetch?: Fetch | undefined;
  /**
   * Binds tokens to a key (RFC 9449), so that a stolen token is worth nothing. True: the platform makes the key; browsers keep it, servers
   * lose it with the process. Servers bring the pair that their processes share.
   */
  dpop?: boolean | DpopKeys | undefined;
  /**
   * Hosts that are reached by plain http, such as `['sandbox']`: a container beside the tests. Exact names as they stand in the URL,
   * without scheme, port or wildcard. Tokens are readable on the network between, so it is for tests alone: refused with
   * `environment: 'production'`, with an https issuer and in the profile `fapi2`. Default: none; loopback addresses need not be named.
   */
  allowInsecureHosts?: readonly string[] | undefined;
}

/** What both profiles take. */
export interface CommonOptions {
  /** Which servers to speak to; their addresses are in the guide for production. */
  environment: Environment;
  /** The client id that Oakford gave you. */
  clientId: string;
  /** Where the customer comes back to, exactly as it is registered. */
  redirectUri: string;
  /** Default: `['openid', 'accounts', 'offline_access']`. */
  scope?: readonly string[] | undefined;
  /** Default: a memory store, which forgets at the end of the process. */
  tokenStore?: (TokenStore & Partial<RateLimitStore>) | undefined;
  /**
   * Where processes count their calls together, so that all of them keep to one rate limit. Default: the token store if it is a
   * `RateLimitStore` too; else the tabs of an origin share the limit, and each process of a server has its own.
   */
  rateLimitStore?: RateLimitStore | undefined;
  /**
   * Says that the code runs on a server where the SDK takes it for a page: under jsdom or happy-dom, and in a worker of a runtime that
   * does not name itself. A secret is taken then. A page in a browser stays one, whatever this says. Default: found out.
   */
  runtime?: 'server' | undefined;
  /** The longest that one attempt may take, in milliseconds. Default: 30,000. */
  timeoutMs?: number | undefined;
  /** The longest that a whole call may take, waits included, in milliseconds. Default: 120,000. */
  deadlineMs?: number | undefined;
  /** The largest body that is read, in bytes. Default: 64 MiB. */
  maxBodyBytes?: number | undefined;
  /** The most retries of a call; only what reads is retried. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * The rate limits to keep to. Default: the published limits of the environment, and those that the server's responses announce.
   * `false`: none, and an answer of 429 holds no other call up.
   */
  rateLimit?:
    | false
    | {
        /** Calls in any 60 seconds. */
        perMinute?: number;
        /** Calls in any 10 seconds. */
        per10Seconds?: number;
      };
  /** Receives events of requests, responses, retries, waits, refreshes and drift, without secrets. An error that it throws or rejects with becomes a warning. */
  onEvent?: ((event: AispEvent) => void) | undefined;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call: it rejects at once with an `AbortError` whose `cause` is the signal's reason. */
  signal?: AbortSignalLike | undefined;
  /** Instead of the client's `timeoutMs`. */
  timeoutMs?: number | undefined;
  /** Instead of the client's `deadlineMs`. */
  deadlineMs?: number | undefined;
  /** Calls for a waiting person go before calls in the background. Default: `'interactive'`. */
  priority?: 'interactive' | 'background' | undefined;
  /** Says that the customer is present, as PSU headers; banks allow four unattended reads of an account a day. */
  psu?: {
    /** The customer's IP address as your server sees it: `PSU-IP-Address`. A private one is sent to a server on loopback only. */
    ipAddress?: string;
    /** The customer's browser: `PSU-User-Agent`. Left out if it is not ASCII. */
    userAgent?: string;
  };
}

/** What `beginAuthorization` takes. */
export interface AuthorizationOptions extends CallOptions {
  /** Instead of the client's `scope`. */
  scope?: readonly string[] | undefined;
  /** OpenID Connect `prompt`. */
  prompt?: string | undefined;
  /** OpenID Connect `login_hint`. */
  loginHint?: string | undefined;
  /** The ways of authentication that will do (`acr_values`). The ID token has to name one of them, or completing fails. */
  acrValues?: readonly string[] | undefined;
  /** OpenID Connect `claims`: `{ id_token?, userinfo? }`. An `acr` asked for in `id_token` is checked as `acrValues` are. */
  claims?: object | undefined;
  /** What of which accounts, until when (RFC 9396); without it the scope alone says so. */
  authorizationDetails?: AuthorizationDetails | readonly AuthorizationDetails[] | undefined;
  /** How long the authorization may take, in milliseconds. Default: ten minutes. */
  pendingLifetimeMs?: number | undefined;
}

/** A rich authorization request for account information (RFC 9396, type `account_information`). */
export interface AuthorizationDetails {
  /** The accounts as the bank or the API knows them. Default: the customer chooses. */
  accounts?: readonly {
    /** The international bank account number (ISO 13616). */
    iban?: string;
    /** The national account number. */
    bban?: string;
    /** The id in this API. */
    accountId?: string;
    /** ISO 4217; distinguishes sub-accounts of one number. */
    currency?: string;
  }[];
  /** Whether balances may be read. Default: true. */
  balances?: boolean | undefined;
  /** Whether transactions may be read. Default: true. */
  transactions?: boolean | undefined;
  /** The last day of the consent, `YYYY-MM-DD`. Default: the bank's longest. */
  validUntil?: string | undefined;
}

/**
 * An authorization that was begun: plain and serialisable, and secret. Keep it from the redirect to the callback: in a page
 * by `pendingStore`, on a server in the session cookie. It completes once.
 */
export interface PendingAuthorization {
  /** The authorization server that it was begun at; the callback has to come from it (RFC 9207). */
  issuer: string;
  /** The client that began it. */
  clientId: string;
  /** Binds the callback to this browser session (RFC 6749, section 10.12). */
  state: string;
  /** The secret half of PKCE (RFC 7636, section 4.1). */
  codeVerifier: string;
  /** Binds the ID token to it (OpenID Connect Core, section 3.1.2.1); with the scope `openid` only. */
  nonce?: string | undefined;
  /** Where the customer comes back to. */
  redirectUri: string;
  /** What was asked for, separated by spaces. */
  scope: string;
  /** The ways of authentication of which the ID token has to name one. */
  acrValues?: string[] | undefined;
  /** The thumbprint of the DPoP key that the code is bound to. */
  dpopThumbprint?: string | undefined;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** What `logoutUrl` takes. */
export interface LogoutOptions {
  /** Where the customer comes back to, exactly as it is registered. */
  postLogoutRedirectUri?: string | undefined;
  /** Comes back with the customer. */
  state?: string | undefined;
}

/** What the bank says of the customer (OpenID Connect Core, section 5.1); names as on the wire. */
export interface UserInfo {
  /** The same as in the session's ID token. */
  sub: string;
  /** The full name, fit to be shown. */
  name?: string | undefined;
  /** The preferred e-mail address. */
  email?: string | undefined;
  /** Whether the bank checked that the address is the customer's. */
  email_verified?: boolean | undefined;
  /** BCP 47, such as `de-AT`. */
  locale?: string | undefined;
  /** Any other claim, as it came. */
  [claim: string]: unknown;
}
