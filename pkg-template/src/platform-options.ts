/** Splits a client's options into data for the core, and what the platform needs: objects with methods, and keys. */

import { presentsCertificate } from './certificate.js';
import type { Fetch } from './fetch.js';
import type { OwnKeys } from './keys.js';
import type { ClientOptions, DpopKeys, RateLimitStore } from './options.js';
import { inBrowser } from './platform.js';
import { findRateLimitStore } from './rate-limit-stores/find.js';

/** What of a client's options is the edge's: objects with methods, and keys. */
export interface PlatformOptions {
  /** The rest, for the core; `true` stands there for a key. */
  data: object;
  fetch: Fetch;
  /** Whether it presents a client certificate. */
  certificate: boolean;
  keys: OwnKeys;
  /** Whether the code's source is public. */
  browser: boolean;
  /** Where processes or tabs count their calls together. */
  rateLimitStore: RateLimitStore | undefined;
}

/** Options that are objects with methods, not data, are the edge's, and so are keys. */
export function platformOptions(options: ClientOptions): PlatformOptions {
  const { fetch, tokenStore: _tokens, rateLimitStore: _limits, onEvent: _listener, ...others } = options;
  const { clientAuth, dpop, ...data } = others;
  const keys: OwnKeys = {};
  if (clientAuth?.method === 'private_key_jwt' && clientAuth.privateKey) keys.client = clientAuth;
  if (typeof dpop === 'object' && dpop !== null) keys.dpop = dpop as DpopKeys;
  const browser = inBrowser(options.runtime === 'server');
  const tls = clientAuth?.method === 'tls_client_auth' && fetch !== undefined;
  return {
    data: {
      ...data,
      clientAuth: keys.client ? { ...keys.client, privateKey: true } : clientAuth,
      dpop: keys.dpop ? true : dpop,
    },
    certificate: tls || presentsCertificate(fetch),
    keys,
    browser,
    rateLimitStore: findRateLimitStore(options, browser),
    // Looked up at each call: tests and instrumentation replace the global one later.
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
  };
}
