/**
 * Oakford's account-information SDK.
 * @module @oakford/aisp
 */

export { pickBalance } from './balances.js';
export type { CertificateFetch } from './certificate.js';
export type { Client } from './client.js';
export { createClient } from './client.js';
export type { DebugBundle } from './debug-bundle.js';
export type { CauseDetails, ErrorCode, ErrorDetails } from './errors.js';
export {
  AbortError,
  AispError,
  ApiError,
  AuthorizationError,
  ConfigurationError,
  ConsentError,
  InternalError,
  NetworkError,
  OAuthError,
  RateLimitError,
  ResponseError,
  TimeoutError,
} from './errors.js';
export type {
  AispEvent,
  CallEvent,
  ConsentEvent,
  DriftEvent,
  ExchangeEvent,
  PsuEvent,
  RefreshEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  TimedEvent,
  WaitEvent,
} from './events.js';
export type { Fetch } from './fetch.js';
export type { ErrorCodes } from './generated/codes.js';
export type * from './generated/models.js';
export type * from './generated/queries.js';
export type { Listing, Page } from './listing.js';
export { Money } from './money.js';
export type {
  AbortSignalLike,
  AuthorizationDetails,
  AuthorizationOptions,
  CallOptions,
  ClientAuth,
  ClientOptions,
  CommonOptions,
  CryptoKeyLike,
  DpopKeys,
  Environment,
  Fapi2ByCertificate,
  Fapi2ByCertificateAndKey,
  Fapi2ByKey,
  Fapi2Options,
  HeadersLike,
  JsonWebKeyLike,
  LogoutOptions,
  OAuth2Options,
  PendingAuthorization,
  PrivateKeyJwt,
  RateLimitStore,
  RateWindow,
  TlsClientAuth,
  TokenStore,
  UserInfo,
} from './options.js';
export type { RateLimit, RateLimitState } from './rate-limit.js';
export type { Result, WithResponse } from './result.js';
export { preload, setWasmModule } from './runtime.js';
export type { Consent, Session } from './session.js';
export { encryptedStore } from './stores/encrypted.js';
export { indexedDbStore } from './stores/indexeddb.js';
export { memoryStore } from './stores/memory.js';
export type { PendingStore } from './stores/pending.js';
export { pendingStore } from './stores/pending.js';
export type { SyncOptions, SyncResult } from './sync.js';
