// Compiled by interface.test.mjs: what the public types promise.
import {
  type Account,
  type AispError,
  type AispEvent,
  type ApiError,
  type Balance,
  type Client,
  type ClientOptions,
  type ConsentError,
  createClient,
  type Fapi2Options,
  indexedDbStore,
  type Listing,
  Money,
  type Page,
  type PendingAuthorization,
  pendingStore,
  pickBalance,
  type RateLimitError,
  type RateLimitStore,
  type Result,
  type Session,
  type SyncResult,
  type TokenStore,
  type Transaction,
  type TransactionStatus,
  type WithResponse,
} from '@oakford/aisp';
import type { redisStore } from '@oakford/aisp/redis';
import { expectTypeOf } from 'expect-type';

// The profile fapi2 knows two ways to authenticate, neither with a secret.
expectTypeOf<Fapi2Options['clientAuth']['method']>().toEqualTypeOf<'private_key_jwt' | 'tls_client_auth'>();
expectTypeOf<Fapi2Options['clientSecret']>().toEqualTypeOf<undefined>();
expectTypeOf<Fapi2Options>().toExtend<ClientOptions>();

// The client and its sessions.
expectTypeOf(createClient).returns.resolves.toEqualTypeOf<Client>();
expectTypeOf<Client['beginAuthorization']>().returns.resolves.toEqualTypeOf<{
  url: string;
  pending: PendingAuthorization;
}>();
expectTypeOf<Client['completeAuthorization']>().returns.resolves.toEqualTypeOf<Session>();
expectTypeOf<Client['session']>().returns.resolves.toEqualTypeOf<Session | null>();
expectTypeOf<Session['expiresAt']>().toEqualTypeOf<string | undefined>();
expectTypeOf<Session['scope']>().toEqualTypeOf<string[]>();

// Lists are awaited as pages, iterated as rows, by page and collected.
expectTypeOf<Session['accounts']>().returns.toEqualTypeOf<Listing<Account>>();
expectTypeOf<Session['account']>().returns.toEqualTypeOf<Result<Account>>();
expectTypeOf<Session['balances']>().returns.toEqualTypeOf<Listing<Balance>>();
expectTypeOf<Session['transactions']>().returns.toEqualTypeOf<Listing<Transaction>>();
expectTypeOf<Result<Account>>().toExtend<Promise<Account>>();
expectTypeOf<Listing<Account>>().toExtend<Promise<Page<Account>>>();
expectTypeOf<Awaited<Listing<Account>>>().toEqualTypeOf<Page<Account>>();
expectTypeOf<Listing<Account>>().toExtend<AsyncIterable<Account>>();
expectTypeOf<Listing<Account>['pages']>().returns.toExtend<AsyncIterable<Page<Account>>>();
expectTypeOf<Listing<Account>['all']>().parameters.toEqualTypeOf<[options: { limit: number }]>();
expectTypeOf<Listing<Account>['withResponse']>().returns.resolves.toEqualTypeOf<
  WithResponse<Page<Account>>
>();
expectTypeOf<Session['sync']>().returns.resolves.toEqualTypeOf<SyncResult>();

// Money is text, dates are text; what may be absent says so.
expectTypeOf<Transaction['transactionAmount']>().toEqualTypeOf<Money>();
expectTypeOf<Money['amount']>().toEqualTypeOf<string>();
expectTypeOf<Transaction['key']>().toEqualTypeOf<string>();
expectTypeOf<Transaction['transactionId']>().toEqualTypeOf<string | undefined>();
expectTypeOf<Transaction['bookingDate']>().toEqualTypeOf<string | undefined>();
expectTypeOf<Transaction['remittanceInformationUnstructured']>().toEqualTypeOf<readonly string[]>();
expectTypeOf<Transaction['extra']>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
expectTypeOf(pickBalance).returns.toEqualTypeOf<Balance | undefined>();
expectTypeOf(Money.format).returns.toEqualTypeOf<string>();

// Open enums: a word of tomorrow is data. That the known ones are offered, interface.test.mjs asks the editor's service.
expectTypeOf<'tomorrow'>().toExtend<TransactionStatus>();
expectTypeOf<TransactionStatus>().toExtend<string>();

// Errors narrow by class, events by type.
expectTypeOf<RateLimitError>().toExtend<ApiError>();
expectTypeOf<ConsentError>().toExtend<ApiError>();
expectTypeOf<ApiError>().toExtend<AispError>();
expectTypeOf<AispError['requestSent']>().toEqualTypeOf<'no' | 'yes' | 'unknown'>();
expectTypeOf<Extract<AispEvent, { type: 'consent' }>['daysLeft']>().toEqualTypeOf<number>();
expectTypeOf<AispEvent['type']>().toEqualTypeOf<
  'request' | 'response' | 'retry' | 'wait' | 'refresh' | 'consent' | 'psu' | 'drift' | 'psu'
>();

// A store of one's own needs two methods, and so does a rate limit store.
expectTypeOf<keyof RateLimitStore>().toEqualTypeOf<'acquire' | 'release'>();
expectTypeOf<typeof redisStore>().returns.toEqualTypeOf<TokenStore & RateLimitStore>();
expectTypeOf(indexedDbStore).returns.toEqualTypeOf<TokenStore & RateLimitStore>();
expectTypeOf<{
  get: TokenStore['get'];
  compareAndSwap: TokenStore['compareAndSwap'];
}>().toExtend<TokenStore>();

// What stands beside a pending authorization comes back with it, and completes as it is.
expectTypeOf(pendingStore().take).returns.resolves.toExtend<PendingAuthorization | null>();
expectTypeOf(pendingStore<{ key: string }>().save)
  .parameter(0)
  .toEqualTypeOf<PendingAuthorization & { key: string }>();
expectTypeOf(pendingStore<{ key: string }>().take).returns.resolves.toEqualTypeOf<
  (PendingAuthorization & { key: string }) | null
>();
