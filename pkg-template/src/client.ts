/** The client: begins and completes authorizations, and finds sessions again. */

import { callSite } from './call-site.js';
import { ClientHost } from './client-host.js';
import { CoreClient, callOnly, split, text } from './core-client.js';
import { bundle, type DebugBundle } from './debug-bundle.js';
import { configurationError } from './errors.js';
import type { AuthorizationOptions, CallOptions, ClientOptions, PendingAuthorization } from './options.js';
import { json } from './plain.js';
import { checkFetch } from './platform.js';
import { platformOptions } from './platform-options.js';
import { RateLimit } from './rate-limit.js';
import { reachable, self } from './self.js';
import { Session } from './session.js';
import { memoryStore } from './stores/memory.js';

/**
 * Makes a client. Nothing is sent before the first call of it.
 *
 * @throws {@link ConfigurationError} that names the option which is wrong (`path`), `secret_in_browser` for a secret in a page,
 * `wasm_blocked` where a Content-Security-Policy forbids WebAssembly, `wasm_unavailable`, `wasm_memory`, `text_encoding_unavailable`,
 * `fetch_unavailable`, `no_randomness` and `crypto_unavailable` where the platform lacks what the client needs.
 *
 * @example
 * const client = await createClient({ environment: 'sandbox', clientId, redirectUri });
 */
export async function createClient(options: ClientOptions): Promise<Client> {
  const site = callSite();
  check(options);
  const platform = platformOptions(options);
  const host = new ClientHost(platform, options.tokenStore ?? memoryStore(), options.onEvent);
  const coreClient = new CoreClient(platform.data, host);
  await coreClient.start(site);
  await host.checkKeys();
  return new Client(coreClient, () => bundle(platform.data, coreClient.recentEvents()));
}

/** The options that are no data, which the core can't see. */
function check(options: ClientOptions): void {
  if (typeof options !== 'object' || options === null)
    throw configurationError('options', 'an object', typeof options);
  for (const name of ['fetch', 'onEvent'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'function')
      throw configurationError(name, 'a function', typeof value);
  }
  if (options.fetch === undefined) checkFetch();
  checkMethods('tokenStore', options.tokenStore, ['get', 'compareAndSwap']);
  checkMethods('rateLimitStore', options.rateLimitStore, ['acquire', 'release']);
}

function checkMethods(name: string, store: unknown, methods: readonly string[]): void {
  if (store === undefined) return;
  const members = Object(store) as Record<string, unknown>;
  const missing = methods.filter((method) => typeof members[method] !== 'function');
  if (missing.length === 0) return;
  const found =
    members === store ? `one without ${missing.join(' and ')}` : store === null ? 'null' : typeof store;
  throw configurationError(name, `an object with ${methods.join(' and ')}`, found);
}

/** A configured client; made by `createClient`. */
export class Client {
  /** The rate limit that its calls keep to. */
  readonly rateLimit: RateLimit;
  readonly #coreClient: CoreClient;
  readonly #bundle: () => Omit<DebugBundle, 'rateLimit'>;

  /** @internal */
  constructor(coreClient: CoreClient, bundle: () => Omit<DebugBundle, 'rateLimit'>) {
    reachable(this);
    this.rateLimit = new RateLimit(coreClient);
    this.#coreClient = coreClient;
    this.#bundle = bundle;
  }

  /**
   * Begins an authorization (RFC 6749, section 4.1.1; RFC 7636; in the profile `fapi2` pushed, RFC 9126). Send the customer to
   * `url`, and keep `pending` for the callback: in a page by `pendingStore`, on a server in the session cookie.
   *
   * @throws {@link OAuthError} where the server refuses the pushed request, {@link NetworkError} and {@link TimeoutError} where its metadata
   * can't be had.
   */
  async beginAuthorization(options?: AuthorizationOptions): Promise<{
    /** Where the customer's browser goes. */
    url: string;
    /** What `completeAuthorization` needs: secret, to be kept where only this browser session reaches it. */
    pending: PendingAuthorization;
  }> {
    const { rest, call } = split(options);
    const { text } = await self(this).#coreClient.call(callSite(), call, 'beginAuthorization', '', rest);
    return JSON.parse(String(text));
  }

  /**
   * Completes an authorization (RFC 6749, sections 4.1.2 to 4.1.4) and stores the session under `key`, where it replaces an
   * earlier one.
   *
   * @param callbackUrl the whole URL that the customer came back by
   * @param pending what `beginAuthorization` gave to the same browser session
   * @param options `key`: the name of the session in the token store. Default: `'default'`, which is for one customer only
   * @throws {@link AuthorizationError} for a refusal or a forged, stale or used callback, {@link OAuthError} where the code or the ID token
   * is not accepted.
   */
  async completeAuthorization(
    callbackUrl: string | { readonly href: string },
    pending: PendingAuthorization,
    options?: CallOptions & { key?: string },
  ): Promise<Session> {
    if (typeof (options ?? {}) !== 'object') throw configurationError('options', 'an object', typeof options);
    const { key, ...rest } = options ?? {};
    const call = callOnly(rest);
    const url = text('callbackUrl', typeof callbackUrl === 'object' ? callbackUrl?.href : callbackUrl);
    const name = text('key', key ?? 'default');
    const kept = json(pending, 'pending');
    const coreClient = self(this).#coreClient;
    const session = await coreClient.call(callSite(), call, 'completeAuthorization', name, url, kept);
    return new Session(coreClient, name, JSON.parse(String(session.text)));
  }

  /** What support needs to know: versions, options and the newest events, as plain data without secrets. */
  debugBundle(): DebugBundle {
    return { ...self(this).#bundle(), rateLimit: this.rateLimit.state() };
  }

  /**
   * The session that is stored under `key`; null where there is none. Reads the token store each time.
   *
   * @throws {@link ConfigurationError} if the store fails (`token_store_failed`), or holds an entry that can't be read (`session_unreadable`)
   * or a session of another client (`invalid_stored_session`).
   */
  async session(key = 'default'): Promise<Session | null> {
    const name = text('key', key);
    const coreClient = self(this).#coreClient;
    const { text: info } = await coreClient.call(callSite(), callOnly(undefined), 'session', name);
    return info === undefined ? null : new Session(coreClient, name, JSON.parse(info));
  }
}
