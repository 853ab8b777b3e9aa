/** A session: one customer's consent, with which accounts are read. */

import { callSite } from './call-site.js';
import { type Call, type CoreClient, callOnly, split, text } from './core-client.js';
import { AispError } from './errors.js';
import type { EndpointRows } from './generated/messages.js';
import type { Account, Balance, Transaction } from './generated/models.js';
import type { AccountsQuery, TransactionsQuery } from './generated/queries.js';
import type { CallResult } from './host.js';
import { Listing, type Page } from './listing.js';
import type { CallOptions, HeadersLike, LogoutOptions, UserInfo } from './options.js';
import { json } from './plain.js';
import { Result, type WithResponse } from './result.js';
import { reachable, self } from './self.js';
import { type SyncOptions, type SyncResult, synced } from './sync.js';

/** What the core shows of a session. */
interface SessionInfo {
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

/** What HTTP said, and where a list goes on. */
interface Meta {
  status: number;
  requestId?: string;
  nextCursor?: string;
  checkpoint?: string;
}

/**
 * A customer's session; made by `completeAuthorization`, found again by `client.session(key)`. It shows no token.
 *
 * Every call that reads may fail with {@link ApiError} (what the server says), {@link ConsentError} and {@link RateLimitError} among them,
 * {@link OAuthError} where the tokens can't be renewed, {@link NetworkError}, {@link TimeoutError}, {@link AbortError}, and
 * {@link ResponseError} where the answer is not what `openapi.yaml` says.
 */
export class Session {
  readonly #coreClient: CoreClient;
  readonly #key: string;
  #info: SessionInfo;

  /** @internal */
  constructor(coreClient: CoreClient, key: string, info: SessionInfo) {
    reachable(this);
    this.#coreClient = coreClient;
    this.#key = key;
    this.#info = info;
  }

  /** The key under which the token store holds it. */
  get key(): string {
    return self(this).#key;
  }

  /** When the access token ends (RFC 3339); undefined where the server did not say. It is renewed by itself. */
  get expiresAt(): string | undefined {
    return self(this).#show().expiresAt;
  }

  /** The scope that was granted. */
  get scope(): string[] {
    return self(this)
      .#show()
      .scope.split(' ')
      .filter((name) => name !== '');
  }

  /**
   * When the customer's consent ends; null until the server gives it, with the tokens or with `accounts()`. To go
   * on after that, connect the customer again under the same key.
   */
  get consent(): Consent | null {
    const { consentExpiresAt: expiresAt } = self(this).#show();
    if (expiresAt === undefined) return null;
    return { expiresAt, daysLeft: Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / DAY_MS)) };
  }

  /**
   * The accounts that the customer consented to (`GET /accounts` of `openapi.yaml`): awaited the first page, iterated every account.
   *
   * @example
   * for await (const account of session.accounts()) console.log(account.accountId, account.iban);
   */
  accounts(query?: AccountsQuery): Listing<Account> {
    return self(this).#list('accounts', () => split(query));
  }

  /** One account (`GET /accounts/{id}` of `openapi.yaml`); an unknown one is an {@link ApiError} with `account_not_found`. */
  account(accountId: string, options?: CallOptions): Result<Account> {
    const site = callSite();
    const session = self(this);
    return new Result(async () => {
      const call = callOnly(options);
      const id = text('accountId', accountId);
      const result = await session.#call(site, call, 'account', id);
      return withResponse(result, () => result.rows[0] as Account);
    });
  }

  /** An account's balances (`GET /accounts/{id}/balances` of `openapi.yaml`), always one page. `pickBalance` picks one of them. */
  balances(accountId: string, options?: CallOptions): Listing<Balance> {
    return self(this).#list('balances', () => ({
      call: callOnly(options),
      id: text('accountId', accountId),
    }));
  }

  /**
   * An account's transactions (`GET /accounts/{id}/transactions` of `openapi.yaml`): awaited the first page, iterated every row.
   * What goes back more than 90 days needs a recent strong authentication; else it is an {@link ApiError} with
   * `transactions_period_too_long` or a {@link ConsentError} with `sca_required`.
   *
   * @example
   * for await (const row of session.transactions(accountId, { dateFrom: '2026-10-01', status: 'booked' })) {
   *   console.log(row.bookingDate, row.transactionAmount.amount, row.creditorName ?? row.debtorName);
   * }
   */
  transactions(accountId: string, query?: TransactionsQuery): Listing<Transaction> {
    return self(this).#list('transactions', () => ({
      ...split(query),
      id: text('accountId', accountId),
    }));
  }

  /**
   * What changed in an account's transactions since `checkpoint` (none: everything is `added`). Delete `removed`, then
   * store `added` and `updated` by their `key`, and keep the new checkpoint with them, in one transaction.
   */
  async sync(accountId: string, options?: SyncOptions): Promise<SyncResult> {
    const { rest, call } = split(options);
    const id = text('accountId', accountId);
    const { rows, text: outcome } = await self(this).#call(callSite(), call, 'sync', id, rest);
    return synced(rows as Transaction[][], JSON.parse(String(outcome)));
  }

  /** Renews the tokens now (RFC 6749, section 6). Calls do so by themselves when it is due. An {@link OAuthError} with `reauthRequired` is final. */
  async refresh(options?: CallOptions): Promise<void> {
    const call = callOnly(options);
    await self(this).#call(callSite(), call, 'refresh');
  }

  /**
   * What the bank says of the customer (OpenID Connect Core, section 5.3). Needs the scope `openid`; an answer about somebody else than the ID
   * token names is an error.
   */
  async userInfo(options?: CallOptions): Promise<UserInfo> {
    const call = callOnly(options);
    const { text: claims } = await self(this).#call(callSite(), call, 'userInfo');
    return JSON.parse(String(claims));
  }

  /**
   * The URL that logs the customer out at the bank's login (OpenID Connect RP-Initiated Logout, section 2). Ask for it before `revoke()`, which forgets the ID token
   * that goes into it, and send the customer there; nothing is sent here.
   */
  logoutUrl(options?: LogoutOptions): string {
    const session = self(this);
    const given = json(options ?? {});
    return session.#coreClient.ask((core) => core.logoutUrl(session.#key, given));
  }

  /**
   * Revokes the grant at the authorization server (RFC 7009) and removes the session from the store. Where the server refuses or can't be
   * reached, the session stays, so that it can be tried again. Where the server has no endpoint for it, the session is removed and the call
   * rejects with `revocation_unsupported`: the tokens hold there until they end.
   */
  async revoke(options?: CallOptions): Promise<void> {
    const call = callOnly(options);
    await self(this).#call(callSite(), call, 'revoke');
  }

  /** As `toJSON`, for Node's `console.log`. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return Object.assign(Object.create({ constructor: Session }), this.toJSON());
  }

  /** The session for logs: its key, expiry and scope. */
  toJSON(): Record<string, unknown> {
    const session = self(this);
    return { key: session.#key, ...session.#show() };
  }

  #show(): SessionInfo {
    const info = this.#coreClient.peek((core) => core.describe(this.#key));
    if (info !== undefined) this.#info = JSON.parse(info);
    return this.#info;
  }

  #call(
    site: Error | undefined,
    call: Call,
    method: string,
    a?: string,
    b?: string,
    c?: string,
  ): Promise<CallResult> {
    return this.#coreClient.call(site, call, method, this.#key, a, b, c);
  }

  /** A list never throws before it is awaited, so an error in its arguments is captured until then. */
  #list<M extends keyof EndpointRows>(
    method: M,
    read: () => { call: Call; id?: string; rest?: string },
  ): Listing<EndpointRows[M]> {
    const site = callSite();
    const given = capture(read);
    const signal = 'value' in given ? given.value.call.signal : undefined;
    return new Listing(async (checkpoint, signal, walkedAt = site) => {
      if ('error' in given) throw given.error;
      const { call, id, rest } = given.value;
      try {
        const result = await this.#call(walkedAt, { ...call, signal }, method, id, rest, checkpoint);
        return withResponse(
          result,
          ({ nextCursor, checkpoint }): Page<EndpointRows[M]> => ({
            items: result.rows[0] as EndpointRows[M][],
            nextCursor,
            checkpoint,
          }),
        );
      } catch (error) {
        if (error instanceof AispError && checkpoint !== undefined) Object.assign(error, { checkpoint });
        throw error;
      }
    }, signal);
  }
}

function capture<A>(read: () => A): { value: A } | { error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

function withResponse<T>({ text, headers }: CallResult, shape: (meta: Meta) => T): WithResponse<T> {
  const meta: Meta = JSON.parse(String(text));
  return {
    data: shape(meta),
    status: meta.status,
    headers: headers as HeadersLike,
    requestId: meta.requestId,
  };
}
