/// <reference lib="esnext.disposable" />

/** A local Oakford account-information API for tests: start it, steer it, look at what reached it. */

/** How a sandbox is started. Every field has a default. */
export interface SandboxOptions {
  /** Port to listen on; 0, the default, takes a free one. */
  port?: number;
  /**
   * Host name or address to listen on. Default `127.0.0.1`: this machine only. In a container `0.0.0.0`, all interfaces:
   * then everyone who reaches the port can use and steer the sandbox.
   */
  host?: string;
  /**
   * Origin by which clients reach the sandbox, such as `http://sandbox:8787`: the issuer, and the origin of all URLs in
   * metadata, redirects and pages. Default: `http://`, the host and the port.
   */
  publicUrl?: string;
  /** Limits of API calls for each client id. Default: the published 100 a minute and 50 in any 10 seconds. */
  rateLimit?: false | RateLimitWindow[];
  /** Clients beside the demo clients, as OpenID client metadata. */
  clients?: SandboxClient[];
  /** Seconds an access token lives. Default 3600. */
  accessTokenTtl?: number;
  /** Seconds a refresh token lives. Default 30 days. */
  refreshTokenTtl?: number;
  /** What a refresh does with the refresh token. Default `rotate`. */
  refreshTokens?: RefreshTokenMode;
  /** Seconds an authorization code lives. Default 60. */
  authorizationCodeTtl?: number;
  /** Days a consent lasts. Default 90. */
  consentDays?: number;
  /** What the data are made from: the same seed and day give the same data. Default `oakford`. */
  seed?: string;
  /**
   * Where the sandbox clock starts, RFC 3339: it pins the date of the data, so that tests are the same on every day.
   * Default: the environment variable `AISP_SANDBOX_NOW`, or the machine's clock.
   */
  now?: string | Date;
  /** A built-in scenario's name, the path of a file that ends in `.json`, or a scenario. Default `standard`. */
  scenario?: BuiltInScenario | (string & {}) | Scenario;
}

/**
 * What a refresh does with the refresh token:
 *
 * - `rotate`: each response carries a new one, and a second use of the old one revokes the whole grant.
 * - `grace`: the same, but the token that was used last is accepted again for 10 seconds of the sandbox clock, and
 *   gives another new one. After that, a second use revokes the whole grant.
 * - `keep`: no rotation, as FAPI 2.0 (5.3.2.1) asks for. Each response carries the same refresh token.
 */
export type RefreshTokenMode = 'rotate' | 'grace' | 'keep';

/** The scenarios that the sandbox brings along. */
export type BuiltInScenario =
  | 'standard'
  | 'new-customer'
  | 'overdrawn'
  | '10000-rows'
  | 'multi-currency'
  | 'consent-expiring'
  | 'bank-down'
  | 'one-time-code'
  | 'tight-limits';

/** Who is there, what is on the accounts, what goes wrong. What it does not say is as the sandbox was started. */
export interface Scenario {
  /** What it is for, in one line. */
  description?: string;
  /** Who can log in. Default: all. */
  customers?: ('anna' | 'james' | 'noor')[];
  /** Which banks are offered. Default: all at which a customer has an account. */
  banks?: string[];
  /** What is different about accounts, by their id. */
  accounts?: Record<string, AccountChange>;
  /** Days a consent lasts; parts of a day are allowed. Consents given before end no later than one given now. */
  consentDays?: number;
  /** Whether the bank asks for the one-time code 246810 after the password. */
  oneTimeCode?: boolean;
  rateLimit?: false | RateLimitWindow[];
  faults?: FaultSpec[];
  /** What the clock is set to when the scenario is loaded, RFC 3339. Default: the clock is left alone. */
  now?: string;
}

export interface AccountChange {
  /** Whether the account does not exist. */
  absent?: boolean;
  owner?: 'anna' | 'james' | 'noor';
  /** A decimal such as `-418.70`: every balance of the day on which the scenario is loaded, with nothing pending. */
  balance?: string;
  /** What the bank lends beyond the balance, a decimal; null for nothing. */
  creditLimit?: string | null;
  /** How many days ago the account was opened, at most 730. It began with a deposit, and one purchase a day for a month. */
  historyDays?: number;
}

export interface NamedScenario {
  readonly name: string;
  readonly description: string;
}

export interface Scenarios {
  /** The one that is loaded. */
  readonly current: NamedScenario;
  /** Those that are built in, and the last one that was not, if one was loaded: it can be loaded again by its name. */
  list(): readonly NamedScenario[];
  /** Replaces the scenario, and with it all faults. Throws a `TypeError` that names the field where one is wrong. */
  load(scenario: BuiltInScenario | (string & {}) | Scenario): NamedScenario;
}

/** At most `limit` calls in any `seconds`. */
export interface RateLimitWindow {
  limit: number;
  seconds: number;
}

/** OpenID client metadata, plus the two things a sandbox adds. */
export interface SandboxClient {
  client_id: string;
  client_secret?: string;
  client_name?: string;
  redirect_uris?: string[];
  token_endpoint_auth_method?: string;
  /** Accept every http redirect URI on a loopback address. Default false: only `redirect_uris`. */
  any_loopback_redirect?: boolean;
  /** `2.0` holds the client to the FAPI 2.0 security profile. */
  fapi_profile?: '2.0';
  [metadata: string]: unknown;
}

/** A running sandbox. */
export interface Sandbox extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` or the origin of `publicUrl`; the OpenID issuer. */
  readonly origin: string;
  /** The same as `origin`. */
  readonly issuer: string;
  /** `origin` with the path `/aisp/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  /** The demo clients by what they show. */
  readonly clients: DemoClients;
  readonly users: readonly DemoUser[];
  readonly banks: readonly DemoBank[];
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly consents: Consents;
  readonly scenarios: Scenarios;
  /** Stops at once: open connections are destroyed. */
  close(): Promise<void>;
}

export interface DemoClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly authMethod: string;
  /** The key of a `private_key_jwt` client, made when the process starts. */
  readonly privateJwk?: Readonly<Record<string, unknown>>;
}

export interface DemoClients {
  /** Public: a browser app with PKCE only. */
  readonly web: DemoClient;
  /** Confidential by `client_secret_basic`. */
  readonly server: DemoClient & { readonly clientSecret: string };
  /** Confidential by `client_secret_post`. */
  readonly serverPost: DemoClient & { readonly clientSecret: string };
  /** `client_secret_basic` with an id and a secret that need form-encoding. */
  readonly oddCharacters: DemoClient & { readonly clientSecret: string };
  /** FAPI 2.0: PAR, DPoP with nonces, `private_key_jwt` (ES256). */
  readonly fapi: DemoClient & { readonly privateJwk: Readonly<Record<string, unknown>> };
}

export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly accountIds: readonly string[];
  readonly bankIds: readonly string[];
}

export interface DemoBank {
  readonly id: string;
  readonly name: string;
  readonly country: string;
}

/**
 * The sandbox's own clock, which bookings, consents and rate limits read. Moving it makes tokens older. What clients compare with
 * their own clock is given in the machine's time: ID tokens, `Date`, and the ends of consents on the wire.
 */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** `YYYY-MM-DD` in UTC. */
  today(): string;
  /** Moves by milliseconds; negative moves back. */
  advance(milliseconds: number): void;
  set(time: string | Date): void;
  /** Undoes every move: back to the machine's clock, or to that which `now` started. */
  reset(): void;
}

/**
 * What goes wrong:
 * - `reset_before`: the connection is destroyed and the request is never processed;
 * - `reset_after`: the request is processed, then the connection is destroyed;
 * - `cut_body`: true headers, half of the body, then the connection is destroyed;
 * - `drip`: the true answer, a few bytes at a time (`bytes` each `delayMs`);
 * - `latency`: the true answer after `delayMs`;
 * - `empty_200`: status 200, no body;
 * - `html_502`: a proxy's HTML page;
 * - `redirect`: 302 to `location`;
 * - `rate_limited`: 429 with `Retry-After` from `retryAfter`;
 * - `status`: `status`, `headers` and `body` as given;
 * - `hang`: no answer ever;
 * - `stall`: true headers and half of the body, the rest after `delayMs`;
 * - `consent_expired`, `consent_revoked`: 403 with that code, while the consent itself stays as it is;
 * - `cursor_loop`: the true page, whose `next_cursor` is the cursor that it was asked for with;
 * - `stale_keys`: the key set as it was before the server's keys were rotated: none of its keys is in use;
 * - `clock_skew`: the true answer, whose `Date` is `skewMs` ahead.
 */
export type FaultKind =
  | 'reset_before'
  | 'reset_after'
  | 'cut_body'
  | 'drip'
  | 'latency'
  | 'empty_200'
  | 'html_502'
  | 'redirect'
  | 'rate_limited'
  | 'status'
  | 'hang'
  | 'stall'
  | 'consent_expired'
  | 'consent_revoked'
  | 'cursor_loop'
  | 'stale_keys'
  | 'clock_skew';

export interface FaultSpec {
  /** Which requests; every one where absent. `*` in the path stands for any characters; the query is no part of it. */
  match?: { method?: string; path?: string };
  fault: FaultKind;
  /** How many requests it hits before it is spent. Default 1; `null` for ever. */
  times?: number | null;
  /** Lets this many matching requests pass first. Default 0. */
  skip?: number;
  delayMs?: number;
  bytes?: number;
  status?: number;
  headers?: Record<string, string>;
  /** A string is sent as it is; anything else as JSON. */
  body?: unknown;
  contentType?: string;
  location?: string;
  /** `Retry-After` as it is to be sent. */
  retryAfter?: number | string;
  /** How far `Date` is ahead. Default: five minutes. */
  skewMs?: number;
}

export interface Fault extends FaultSpec {
  readonly id: string;
  /** How many requests it has hit. */
  readonly hits: number;
}

export interface Faults {
  add(spec: FaultSpec): Fault;
  list(): Fault[];
  remove(id: string): boolean;
  clear(): void;
}

/** A request as it reached the sandbox. Secrets appear as `sha256:…` only: equal values, equal marks. */
export interface LoggedRequest {
  readonly id: number;
  /** Milliseconds since 1970 on the machine's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Form fields of OAuth calls. */
  readonly form?: Readonly<Record<string, string>>;
  readonly clientId?: string;
  readonly requestId?: string;
  /** Absent where no answer was sent. */
  readonly status?: number;
  readonly durationMs?: number;
  /** The fault that hit it. */
  readonly fault?: FaultKind;
}

export interface RequestLog extends Iterable<LoggedRequest> {
  readonly length: number;
  /** Those that match, oldest first; `path` may hold `*`. */
  filter(match: { method?: string; path?: string; grantType?: string; status?: number }): LoggedRequest[];
  count(match: { method?: string; path?: string; grantType?: string; status?: number }): number;
  clear(): void;
}

export interface Consent {
  readonly id: string;
  readonly clientId: string;
  readonly username: string;
  readonly accountIds: readonly string[];
  /** What may be done with them; all of it unless the app asked for less (RFC 9396). */
  readonly actions: readonly ('list_accounts' | 'read_balances' | 'read_transactions')[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly status: 'valid' | 'expired' | 'revoked';
}

export interface Consents {
  list(): Consent[];
  /** Sets when consents end; all of them where no id is given. */
  setExpiry(expiresAt: string | Date, id?: string): void;
  /** The customer withdraws at the bank; all consents where no id is given. */
  revoke(id?: string): void;
}

/**
 * A fault in the making: say which requests and how many, then what goes wrong.
 *
 *     faultsOn(sandbox, '/accounts/*').skip(2).times(3).tooManyRequests({ retryAfter: 1 });
 */
export interface FaultPlan {
  /** Lets so many matching requests pass first. */
  skip(requests: number): FaultPlan;
  /** Hits so many requests. Default: one. */
  times(requests: number): FaultPlan;
  /** Hits every matching request until the fault is removed. */
  always(): FaultPlan;

  /** The connection is reset before the request is processed, */
  resetsBefore(): Fault;
  /** or after it was processed. */
  resetsAfter(): Fault;
  /** The connection ends in the middle of the body. */
  cutsBody(): Fault;
  /** The body comes a few bytes at a time. */
  drips(options?: { bytes?: number; delayMs?: number }): Fault;
  /** The second half of the body comes later. */
  stalls(delayMs: number): Fault;
  /** The answer comes later. */
  delays(delayMs: number): Fault;
  /** No answer comes. */
  hangs(): Fault;
  /** 429. */
  tooManyRequests(options?: { retryAfter?: number | string; headers?: Record<string, string> }): Fault;
  /** Any status. */
  answers(
    status: number,
    options?: { body?: unknown; headers?: Record<string, string>; contentType?: string },
  ): Fault;
  /** 502 with a proxy's page of HTML. */
  badGateway(): Fault;
  /** 200 without a body. */
  emptyBody(): Fault;
  /** 302. */
  redirects(location: string): Fault;
  /** 403 `consent_expired`. */
  consentExpired(): Fault;
  /** 403 `consent_revoked`. */
  consentRevoked(): Fault;
  /** The next cursor is the present one. */
  repeatsCursor(): Fault;
  /** The key set is that of before a rotation. */
  staleKeys(): Fault;
  /** The server's clock seems to be ahead. */
  skewsClock(skewMs: number): Fault;
}

/**
 * Plans a fault for requests to `path`, which may hold `*`: `/accounts*` and the like are paths of the API, others (`/oauth/token`)
 * of the server. Any method unless told.
 */
export function faultsOn(sandbox: Pick<Sandbox, 'faults'>, path: string, method?: string): FaultPlan;

/** Starts a sandbox; it is ready when the promise resolves. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

/** What a `URL` has, so that these types need no platform's. */
export interface Address {
  readonly href: string;
}

export interface ApproveOptions {
  /** The customer's user name. Default: the first customer of the scenario. */
  user?: string;
  /** Account ids to tick. Default: all that are offered. */
  accounts?: string[];
  /** Bank id. Default: the demo bank, which knows all accounts of every customer. */
  bank?: string;
  /** Default: the customer's right password. */
  password?: string;
  /** Default: the right one-time code, where the bank asks for one. */
  code?: string;
}

/**
 * Walks the authorization pages as a customer who consents, over HTTP without a browser.
 * Resolves to the callback URL that the browser would have been sent to.
 */
export function approve(authorizationUrl: string | Address, options?: ApproveOptions): Promise<string>;

/** The same as a customer who logs in and then denies. */
export function deny(authorizationUrl: string | Address, options?: ApproveOptions): Promise<string>;
