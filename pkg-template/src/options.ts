/** The options of the public interface. */

import type { CertificateFetch } from './certificate.js';
import type { AispEvent } from './events.js';

/** An `AbortSignal` by its shape, so that these types need no DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as in the platform's own type.
  readonly reason: any;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A `Headers` by its shape. */
export interface HeadersLike extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** At most so many calls, each of which counts until so many milliseconds after its answer. */
export type RateSpan = readonly [limit: number, ms: number];

/** Where tokens are kept. What is stored is one opaque string that holds secrets; keys are the caller's. */
export interface TokenStore {
  /** The value under `key` and the version that `compareAndSwap` compares; null where there is none. */
  get(key: string): Promise<{ value: string; version: string } | null>;
  /**
   * Writes `value` (null: deletes) if the stored version is still `version` (null: absent), atomically.
   * False where it is not: somebody else was quicker.
   */
  compareAndSwap(key: string, version: string | null, value: string | null): Promise<boolean>;
  /** Runs `work` while nobody else holds the lock of `key`. Optional: without it a lease is written through `compareAndSwap`. */
  withLock?<T>(key: string, work: () => Promise<T>): Promise<T>;
  /**
   * Shares a rate limit among all who use the store. Counts `call` if that breaks no span, atomically, and resolves with 0; else with the
   * milliseconds after which to ask again. A call that is never settled counts as answered after `leaseMs`. Optional, with `settle`.
   */
  reserve?(quota: string, spans: readonly RateSpan[], call: string, leaseMs: number): Promise<number>;
  /** Says that a call which `reserve` counted is answered, or (`sent` false) was never sent and does not count. */
  settle?(quota: string, call: string, sent: boolean): Promise<void>;
}

/** The `fetch` that is used: it gets a URL and plain values. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    redirect: 'manual';
    /** An `AbortSignal`. Not typed so, since these types need no DOM and must fit every library's fetch. */
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    signal: any;
  },
) => Promise<unknown>;

/** Oakford's environments, or a server of one's own. */
export type Environment =
  | 'sandbox'
  | 'production'
  | {
      /** The base URL of the API: https, or http on loopback. */
      baseUrl: string;
      /** The issuer of the authorization server; the base URL's origin unless told otherwise. */
      issuer?: string | undefined;
    };

/** A WebCrypto `CryptoKey` by its shape, so that these types need no DOM. */
export interface CryptoKeyLike {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { name: string };
  readonly usages: readonly string[];
}

/** A JSON Web Key (RFC 7517). */
export interface JsonWebKeyLike {
  kty?: string | undefined;
  crv?: string | undefined;
  x?: string | undefined;
  y?: string | undefined;
  n?: string | undefined;
  e?: string | undefined;
  d?: string | undefined;
  p?: string | undefined;
  q?: string | undefined;
  dp?: string | undefined;
  dq?: string | undefined;
  qi?: string | undefined;
  kid?: string | undefined;
  alg?: string | undefined;
  use?: string | undefined;
}

/** A key pair, as of WebCrypto or as JWKs; of JWKs the private one is enough. */
export type DpopKeys =
  | { privateKey: CryptoKeyLike; publicKey: CryptoKeyLike | JsonWebKeyLike }
  | { privateKey: JsonWebKeyLike; publicKey?: CryptoKeyLike | JsonWebKeyLike }
  | JsonWebKeyLike;

/** The client signs an assertion with its own key (RFC 7523). */
export interface PrivateKeyJwt {
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
  method: 'tls_client_auth';
}

/** How the client authenticates to the authorization server. */
export type ClientAuth =
  | {
      /** The secret in an `Authorization: Basic` header: the default where there is a secret. */ method: 'client_secret_basic';
    }
  | { /** The secret in the body. */ method: 'client_secret_post' }
  | { /** A public client, protected by PKCE: the default where there is no secret. */ method: 'none' }
  | PrivateKeyJwt
  | TlsClientAuth;

/** What `createClient` takes. */
export type ClientOptions = OAuth2Options | Fapi2Options;

/** The profile `oauth2`: OAuth 2.0 with the security best current practice (RFC 9700). */
export interface OAuth2Options extends CommonOptions {
  profile?: 'oauth2' | undefined;
  /** On servers only: refused in a browser. */
  clientSecret?: string | undefined;
  clientAuth?: ClientAuth | undefined;
  /** Default: `globalThis.fetch`. */
  fetch?: Fetch | undefined;
  /**
   * Binds tokens to a key (RFC 9449), so that a stolen token is worth nothing. True: the platform makes the key; browsers keep it, servers
   * lose it with the process. Servers bring the pair that their processes share.
   */
  dpop?: boolean | DpopKeys | undefined;
}

/** The profile `fapi2`: the FAPI 2.0 Security Profile. Nothing weaker can be said with it, and no secret. */
export type Fapi2Options = CommonOptions & { profile: 'fapi2'; clientSecret?: never } & (
    | { clientAuth: PrivateKeyJwt; fetch?: Fetch; dpop?: true | DpopKeys }
    | { clientAuth: PrivateKeyJwt; fetch: CertificateFetch; dpop?: boolean | DpopKeys }
    | { clientAuth: TlsClientAuth; fetch: Fetch; dpop?: boolean | DpopKeys }
  );

/** What both profiles take. */
export interface CommonOptions {
  environment: Environment;
  /** The client id that Oakford gave you. */
  clientId: string;
  /** Where the customer comes back to, exactly as it is registered. */
  redirectUri: string;
  /** Default: `['openid', 'accounts', 'offline_access']`. */
  scope?: readonly string[] | undefined;
  /** Default: a memory store, which forgets at the end of the process. */
  tokenStore?: TokenStore | undefined;
  /** The longest that one attempt may take, in milliseconds. Default: 30,000. */
  timeoutMs?: number | undefined;
  /** The longest that a whole call may take, waits included, in milliseconds. Default: 120,000. */
  deadlineMs?: number | undefined;
  /** The largest body that is read, in bytes. Default: 64 MiB. */
  maxBodyBytes?: number | undefined;
  /** The most retries of a call; only what reads is retried. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * The rate limits to keep to. Default: what is published for the environment, and what the server's answers tell.
   * `false`: none, and an answer of 429 holds no other call up.
   */
  rateLimit?: false | { perMinute?: number; per10Seconds?: number };
  /** Is told of requests, answers, retries, waits, refreshes and drift, without secrets. */
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
  psu?: { ipAddress?: string; userAgent?: string };
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
  accounts?: readonly { iban?: string; bban?: string; accountId?: string; currency?: string }[];
  /** Whether balances may be read. Default: true. */
  balances?: boolean | undefined;
  /** Whether transactions may be read. Default: true. */
  transactions?: boolean | undefined;
  /** The last day of the consent, `YYYY-MM-DD`. Default: the bank's longest. */
  validUntil?: string | undefined;
}

/**
 * An authorization that was begun: plain and serialisable, and secret. Keep it from the redirect to the callback, in
 * `sessionStorage` or the session cookie; it completes once.
 */
export interface PendingAuthorization {
  issuer: string;
  clientId: string;
  state: string;
  codeVerifier: string;
  nonce?: string | undefined;
  redirectUri: string;
  scope: string;
  acrValues?: string[] | undefined;
  /** The thumbprint of the DPoP key that the code is bound to. */
  dpopThumbprint?: string | undefined;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** What `accounts` takes. */
export interface AccountsQuery extends CallOptions {
  /** Rows on a page, 1 to 500. Default: the server's, 100. */
  limit?: number | undefined;
  /** Whether each account comes with its balances. */
  withBalances?: boolean | undefined;
  /** A checkpoint to go on from. */
  from?: string | undefined;
  /** More pages than this are an error. Default: 10,000. */
  maxPages?: number | undefined;
}

/** What `transactions` takes. */
export interface TransactionsQuery extends CallOptions {
  /** The first booking date, `YYYY-MM-DD`, inclusive. */
  dateFrom?: string | undefined;
  /** The last booking date, `YYYY-MM-DD`, inclusive. */
  dateTo?: string | undefined;
  /** Default: the server's, `'all'`. */
  status?: 'booked' | 'pending' | 'all' | undefined;
  /** Rows on a page, 1 to 500. Default: the server's, 100. */
  limit?: number | undefined;
  /** A checkpoint to go on from. */
  from?: string | undefined;
  /** More pages than this are an error. Default: 10,000. */
  maxPages?: number | undefined;
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
  name?: string | undefined;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  locale?: string | undefined;
  [claim: string]: unknown;
}
