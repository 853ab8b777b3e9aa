/** The client: begins and completes authorizations, and finds sessions again. */

import { Bridge, callOnly, json, platformOptions, split, text } from './bridge.js';
import { bundle, type DebugBundle } from './debug-bundle.js';
import { Edge } from './edge.js';
import { configurationError } from './errors.js';
import type { AuthorizationOptions, CallOptions, ClientOptions, PendingAuthorization } from './options.js';
import { RateLimit } from './rate-limit.js';
import { Session } from './session.js';
import { memoryStore } from './stores/memory.js';

/** Makes a client. Throws a `ConfigurationError` that names the option where one is wrong; nothing is sent. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const site = new Error();
  check(options);
  const platform = platformOptions(options);
  const edge = new Edge(platform, options.tokenStore ?? memoryStore(), options.onEvent);
  const bridge = new Bridge(platform.data, edge);
  await bridge.call(site, undefined, () => {});
  await edge.checkKeys();
  return new Client(bridge, () => bundle(platform.data, edge));
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
  const store: unknown = options.tokenStore;
  const methods = store as { get?: unknown; compareAndSwap?: unknown } | undefined;
  if (
    store !== undefined &&
    (typeof methods?.get !== 'function' || typeof methods.compareAndSwap !== 'function')
  ) {
    throw configurationError('tokenStore', 'an object with get and compareAndSwap', typeof store);
  }
}

/** A configured client; made by `createClient`. */
export class Client {
  /** The rate limit that its calls keep to. */
  readonly rateLimit: RateLimit;
  readonly #bridge: Bridge;
  readonly #bundle: () => Omit<DebugBundle, 'rateLimit'>;

  /** @internal */
  constructor(bridge: Bridge, bundle: () => Omit<DebugBundle, 'rateLimit'>) {
    this.rateLimit = new RateLimit(bridge);
    this.#bridge = bridge;
    this.#bundle = bundle;
  }

  /**
   * Begins an authorization (RFC 6749, section 4.1; RFC 7636). Send the customer to `url`, and keep `pending` for the
   * callback.
   */
  async beginAuthorization(
    options?: AuthorizationOptions,
  ): Promise<{ url: string; pending: PendingAuthorization }> {
    const { rest, call } = split(options);
    const begun = await this.#bridge.call(new Error(), call[1], (core) =>
      core.beginAuthorization(rest, ...call),
    );
    return JSON.parse(begun);
  }

  /**
   * Completes an authorization with the URL that the customer came back by, and stores the session under `key`, where it
   * replaces an earlier one. Throws an `AuthorizationError` for a refusal or a forged, stale or used callback, and an
   * `OAuthError` where the code is not accepted.
   */
  async completeAuthorization(
    callbackUrl: string | { readonly href: string },
    pending: PendingAuthorization,
    options?: CallOptions & { key?: string },
  ): Promise<Session> {
    if (typeof (options ?? {}) !== 'object') throw configurationError('options', 'an object', typeof options);
    const { key = 'default', ...rest } = options ?? {};
    const call = callOnly(rest);
    const url = text('callbackUrl', typeof callbackUrl === 'object' ? callbackUrl?.href : callbackUrl);
    const name = text('key', key);
    const shown = await this.#bridge.call(new Error(), call[1], (core) =>
      core.completeAuthorization(url, json(pending), name, ...call),
    );
    return new Session(this.#bridge, key, JSON.parse(shown));
  }

  /** What support needs to know: versions, options and the newest events, as plain data without secrets. */
  debugBundle(): DebugBundle {
    return { ...this.#bundle(), rateLimit: this.rateLimit.state() };
  }

  /** The session that is stored under `key`; null where there is none. */
  async session(key = 'default'): Promise<Session | null> {
    const name = text('key', key);
    const shown = await this.#bridge.call<string | undefined>(new Error(), undefined, (core) =>
      core.restore(name),
    );
    return shown === undefined ? null : new Session(this.#bridge, key, JSON.parse(shown));
  }
}
