/** What one client brings to its host: its fetch, stores, keys and listener. */

import type { AispEvent } from './events.js';
import { type Exchange, headersOf } from './exchange.js';
import { attempt, warn } from './guard.js';
import type { Keys } from './keys.js';
import type { ClientOptions, RateLimitStore, TokenStore } from './options.js';
import { timersEndWithRequests } from './platform.js';
import type { PlatformOptions } from './platform-options.js';

/** A request as the engine words it: method, URL, header fields as lines, body, and the most bytes of its response's body. */
export type SentRequest = [
  method: string,
  url: string,
  headers: string,
  body: string | undefined,
  maxBytes: number,
];

/** The platform as one client sees it. */
export class ClientHost {
  readonly store: TokenStore;
  readonly rateLimitStore: RateLimitStore | undefined;
  readonly #platform: PlatformOptions;
  readonly #onEvent: ClientOptions['onEvent'];
  #keys: Promise<Keys> | undefined;

  constructor(platform: PlatformOptions, store: TokenStore, onEvent: ClientOptions['onEvent']) {
    this.#platform = platform;
    this.store = store;
    this.rateLimitStore = platform.rateLimitStore;
    this.#onEvent = onEvent;
  }

  /** What this host can do, one bit each (`Core::new` of `src/wasm/core.rs`). */
  get facts(): number {
    const { browser, certificate } = this.#platform;
    const facts = [
      browser,
      certificate,
      canSign(),
      hasLock(this.store),
      this.rateLimitStore !== undefined,
      this.#onEvent !== undefined,
      timersEndWithRequests(),
    ];
    return facts.reduce((bits, fact, bit) => bits | (Number(fact) << bit), 0);
  }

  /** Sends a request through the client's `fetch`. */
  send(exchange: Exchange, ...[method, url, headers, body, maxBytes]: SentRequest): void {
    const { fetch, browser } = this.#platform;
    exchange.start(fetch, method, url, headersOf(headers, browser), body, maxBytes);
  }

  /** Imports the keys that the application brought; throws if they can't be used. */
  async checkKeys(): Promise<void> {
    const { client, dpop } = this.#platform.keys;
    if (client || dpop) await this.keys();
  }

  /** The keys, whose code is loaded by the first call that needs it. */
  keys(): Promise<Keys> {
    this.#keys ??= import('./keys.js').then(async ({ Keys }) => {
      const keys = new Keys(this.#platform.keys);
      await keys.check();
      return keys;
    });
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }

  /** Hands an event to the listener. */
  emit(event: string): void {
    const parsed: AispEvent = JSON.parse(event);
    // A listener's fault is the application's to see, and no reason to fail the call or to end the process.
    attempt(
      () => this.#onEvent?.(parsed),
      (error) => warn('onEvent', error),
    );
  }
}

/** Whether the platform can sign and verify: browsers can on https pages only. */
export function canSign(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

function hasLock(store: TokenStore): boolean {
  try {
    return typeof store.withLock === 'function';
  } catch {
    // Taking the lock then fails with what the getter throws.
    return true;
  }
}
