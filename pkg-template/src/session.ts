/** A session: one customer's consent, with which accounts are read. */

import { type Bridge, type Call, type Core, json, split } from './bridge.js';
import { AispError } from './errors.js';
import type { Account, Balance, Transaction } from './generated/models.js';
import { Listing, type Page } from './listing.js';
import type {
  AccountsQuery,
  CallOptions,
  HeadersLike,
  LogoutOptions,
  TransactionsQuery,
  UserInfo,
} from './options.js';
import { Result, type WithResponse } from './result.js';
import { type SyncOptions, type SyncResult, synced } from './sync.js';

/** What the core shows of a session. */
interface Shown {
  expiresAt?: string;
  consentExpiresAt?: string;
  scope: string;
}

/** When the customer's consent ends. */
export interface Consent {
  /** RFC 3339. */
  readonly expiresAt: string;
  /** Whole days; 0 on the last day and after it. */
  readonly daysLeft: number;
}

const DAY_MS = 86_400_000;

/** What comes from the core: the data, what HTTP said as JSON, and the response's headers. */
type Reply<T> = [data: T, meta: string, headers: HeadersLike];

interface Meta {
  status: number;
  requestId?: string;
  nextCursor?: string;
  checkpoint?: string;
}

/** A customer's session; made by `completeAuthorization`, found again by `client.session(key)`. It shows no token. */
export class Session {
  readonly #bridge: Bridge;
  readonly #key: string;
  #shown: Shown;

  /** @internal */
  constructor(bridge: Bridge, key: string, shown: Shown) {
    this.#bridge = bridge;
    this.#key = key;
    this.#shown = shown;
  }

  /** The key under which the token store holds it. */
  get key(): string {
    return this.#key;
  }

  /** When the access token ends (RFC 3339); undefined where the server did not say. It is renewed by itself. */
  get expiresAt(): string | undefined {
    return this.#show().expiresAt;
  }

  /** The scope that was granted. */
  get scope(): string[] {
    return this.#show().scope.split(' ');
  }

  /**
   * When the customer's consent ends; null until the server told, which it does with the tokens or with `accounts()`. To go
   * on after that, connect the customer again under the same key.
   */
  get consent(): Consent | null {
    const { consentExpiresAt: expiresAt } = this.#show();
    if (expiresAt === undefined) return null;
    return { expiresAt, daysLeft: Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / DAY_MS)) };
  }

  /** The accounts that the customer consented to (`GET /accounts`). */
  accounts(query?: AccountsQuery): Listing<Account> {
    const { rest, call } = split(query);
    return this.#list(call, (core, checkpoint, of) => core.accounts(this.#key, rest, checkpoint, ...of));
  }

  /** One account (`GET /accounts/{id}`). */
  account(accountId: string, options?: CallOptions): Result<Account> {
    const { call } = split(options);
    return this.#read(call, (core) => core.account(this.#key, String(accountId), ...call));
  }

  /** An account's balances (`GET /accounts/{id}/balances`). */
  balances(accountId: string, options?: CallOptions): Listing<Balance> {
    const { call } = split(options);
    return this.#list(call, (core, _, of) => core.balances(this.#key, String(accountId), ...of));
  }

  /** An account's transactions (`GET /accounts/{id}/transactions`). */
  transactions(accountId: string, query?: TransactionsQuery): Listing<Transaction> {
    const { rest, call } = split(query);
    return this.#list(call, (core, checkpoint, of) =>
      core.transactions(this.#key, String(accountId), rest, checkpoint, ...of),
    );
  }

  /**
   * What changed in an account's transactions since `checkpoint` (none: everything is `added`). Delete `removed`, then
   * store `added` and `updated` by their `key`, and keep the new checkpoint with them, in one transaction.
   */
  async sync(accountId: string, options?: SyncOptions): Promise<SyncResult> {
    const { rest, call } = split(options);
    const [pages, outcome] = await this.#bridge.call(new Error(), call[1], (core) =>
      core.sync(this.#key, String(accountId), rest, ...call),
    );
    return synced(pages, JSON.parse(outcome));
  }

  /** Renews the tokens now. Calls do so by themselves when it is due. */
  async refresh(options?: CallOptions): Promise<void> {
    const { call } = split(options);
    await this.#bridge.call(new Error(), call[1], (core) => core.refresh(this.#key, ...call));
  }

  /**
   * What the bank says of the customer (OpenID Connect UserInfo). Needs the scope `openid`; an answer about somebody else than the ID
   * token names is an error.
   */
  async userInfo(options?: CallOptions): Promise<UserInfo> {
    const { call } = split(options);
    const claims = await this.#bridge.call(new Error(), call[1], (core) => core.userInfo(this.#key, ...call));
    return JSON.parse(claims);
  }

  /**
   * The URL that logs the customer out at the bank's login (RP-Initiated Logout). Ask for it before `revoke()`, which forgets the ID token
   * that goes into it, and send the customer there; nothing is sent here.
   */
  logoutUrl(options?: LogoutOptions): string {
    return this.#bridge.ask(new Error(), (core) => core.logoutUrl(this.#key, json(options ?? {})));
  }

  /** Revokes the grant at the authorization server (RFC 7009) and removes the session from the store. */
  async revoke(options?: CallOptions): Promise<void> {
    const { call } = split(options);
    await this.#bridge.call(new Error(), call[1], (core) => core.revoke(this.#key, ...call));
  }

  /** The session for logs: its key, expiry and scope. */
  toJSON(): Record<string, unknown> {
    return { key: this.#key, ...this.#show() };
  }

  #show(): Shown {
    const shown = this.#bridge.peek((core) => core.describe(this.#key));
    if (shown !== undefined) this.#shown = JSON.parse(shown);
    return this.#shown;
  }

  #read<T>(call: Call, work: (core: Core) => Promise<Reply<T>>): Result<T> {
    const site = new Error();
    return new Result(async () => withResponse(await this.#bridge.call(site, call[1], work), (data) => data));
  }

  #list<T>(
    [options, signal]: Call,
    work: (core: Core, checkpoint: string | undefined, call: Call) => Promise<Reply<T[]>>,
  ): Listing<T> {
    const site = new Error();
    return new Listing<T>(async (checkpoint, signal) => {
      try {
        const reply = await this.#bridge.call(site, signal, (core) =>
          work(core, checkpoint, [options, signal]),
        );
        return withResponse(
          reply,
          (items, { nextCursor, checkpoint }): Page<T> => ({ items, nextCursor, checkpoint }),
        );
      } catch (error) {
        if (error instanceof AispError && checkpoint !== undefined) Object.assign(error, { checkpoint });
        throw error;
      }
    }, signal);
  }
}

function withResponse<T, D>(
  [data, meta, headers]: Reply<T>,
  shape: (data: T, meta: Meta) => D,
): WithResponse<D> {
  const told: Meta = JSON.parse(meta);
  return { data: shape(data, told), status: told.status, headers, requestId: told.requestId };
}
