/** Splits a client's options into data for the core, and what the platform needs: objects with methods, and keys. */

import { presentsCertificate } from './certificate.js';
import type { Fetch } from './fetch.js';
import type { OwnKeys } from './keys.js';
import type { ClientOptions, DpopKeys } from './options.js';
import { inBrowser } from './platform.js';

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
}

/** Options that are objects with methods, not data, are the edge's, and so are keys. */
export function platformOptions(options: ClientOptions): PlatformOptions {
  const { fetch, tokenStore: _store, onEvent: _listener, clientAuth, dpop, ...data } = options;
  const keys: OwnKeys = {};
  if (clientAuth?.method === 'private_key_jwt' && clientAuth.privateKey) keys.client = clientAuth;
  if (typeof dpop === 'object' && dpop !== null) keys.dpop = dpop as DpopKeys;
  const tls = clientAuth?.method === 'tls_client_auth' && fetch !== undefined;
  return {
    data: {
      ...data,
      clientAuth: keys.client ? { ...keys.client, privateKey: true } : clientAuth,
      dpop: keys.dpop ? true : dpop,
    },
    certificate: tls || presentsCertificate(fetch),
    keys,
    browser: inBrowser(options.runtime === 'server'),
    // Looked up at each call: tests and instrumentation replace the global one later.
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
  };
}
