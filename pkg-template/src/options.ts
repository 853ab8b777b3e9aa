/** The options of the public interface. */

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
      issuer?: string;
    };

/** How the client authenticates to the authorization server. */
export type ClientAuth =
  | {
      /** The secret in an `Authorization: Basic` header: the default where there is a secret. */ method: 'client_secret_basic';
    }
  | { /** The secret in the body. */ method: 'client_secret_post' }
  | { /** A public client, protected by PKCE: the default where there is no secret. */ method: 'none' };

/** What `createClient` takes. */
export interface ClientOptions {
  environment: Environment;
  /** The client id that Oakford gave you. */
  clientId: string;
  /** Where the customer comes back to, exactly as it is registered. */
  redirectUri: string;
  /** On servers only: refused in a browser. */
  clientSecret?: string;
  clientAuth?: ClientAuth;
  /** Default: `['openid', 'accounts', 'offline_access']`. */
  scope?: readonly string[];
  /** Default: a memory store, which forgets at the end of the process. */
  tokenStore?: TokenStore;
  /** Default: `globalThis.fetch`. */
  fetch?: Fetch;
  /** The longest that one attempt may take, in milliseconds. Default: 30,000. */
  timeoutMs?: number;
  /** The longest that a whole call may take, waits included, in milliseconds. Default: 120,000. */
  deadlineMs?: number;
  /** The largest body that is read, in bytes. Default: 64 MiB. */
  maxBodyBytes?: number;
  /** Is told of requests, answers, refreshes and drift, without secrets. */
  onEvent?: (event: AispEvent) => void;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call: it rejects at once with an `AbortError` whose `cause` is the signal's reason. */
  signal?: AbortSignalLike;
  /** Instead of the client's `timeoutMs`. */
  timeoutMs?: number;
  /** Instead of the client's `deadlineMs`. */
  deadlineMs?: number;
  /** Calls for a waiting person go before calls in the background. Default: `'interactive'`. */
  priority?: 'interactive' | 'background';
  /** Says that the customer is present, as PSU headers; banks allow four unattended reads of an account a day. */
  psu?: { ipAddress?: string; userAgent?: string };
}

/** What `beginAuthorization` takes. */
export interface AuthorizationOptions extends CallOptions {
  /** Instead of the client's `scope`. */
  scope?: readonly string[];
  /** OpenID Connect `prompt`. */
  prompt?: string;
  /** OpenID Connect `login_hint`. */
  loginHint?: string;
  /** How long the authorization may take, in milliseconds. Default: ten minutes. */
  pendingLifetimeMs?: number;
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
  nonce?: string;
  redirectUri: string;
  scope: string;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** What `accounts` takes. */
export interface AccountsQuery extends CallOptions {
  /** Rows on a page, 1 to 500. Default: the server's, 100. */
  limit?: number;
  /** Whether each account comes with its balances. */
  withBalances?: boolean;
  /** A checkpoint to go on from. */
  from?: string;
  /** More pages than this are an error. Default: 10,000. */
  maxPages?: number;
}

/** What `transactions` takes. */
export interface TransactionsQuery extends CallOptions {
  /** The first booking date, `YYYY-MM-DD`, inclusive. */
  dateFrom?: string;
  /** The last booking date, `YYYY-MM-DD`, inclusive. */
  dateTo?: string;
  /** Default: the server's, `'all'`. */
  status?: 'booked' | 'pending' | 'all';
  /** Rows on a page, 1 to 500. Default: the server's, 100. */
  limit?: number;
  /** A checkpoint to go on from. */
  from?: string;
  /** More pages than this are an error. Default: 10,000. */
  maxPages?: number;
}
