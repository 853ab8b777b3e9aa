/** What JavaScript does for the core (`src/wasm/edge.rs`): fetch, timers, the token store, rows, events. */

import { describe } from './causes.js';
import type { AispEvent } from './events.js';
import { Exchange, headersOf } from './exchange.js';
import type { Fetch } from './fetch.js';
import { attempt, wallClock, warn } from './guard.js';
import type { Keys } from './keys.js';
import type { ClientOptions, RateLimitStore, TokenStore } from './options.js';
import type { PlatformOptions } from './platform-options.js';
import { build } from './rows.js';
import type { Instance } from './runtime.js';
import type { Cancellation } from './signals.js';
import type { Algorithm } from './signatures.js';
import { type HeldLock, takeLock } from './store-lock.js';

/** setTimeout fires at once for more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** So many events are remembered for `debugBundle()`. */
const REMEMBERED = 100;

/** A longer rest is no reason for a process to stay. */
const LONGEST_STAY = 2_000;

/** A timer that a cancellation may end early; `fired` is 1 once its time was up, 2 once it was ended. */
class Timer {
  fired = 0;
  readonly #wake: () => void;
  readonly #armed: Instance['timers'];
  #timeout: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, cancellation: Cancellation | undefined, { timers }: Instance, wake: () => void) {
    this.#wake = wake;
    this.#armed = timers;
    if (cancellation?.aborted) {
      this.fired = 2;
      return;
    }
    timers.add(this);
    this.#timeout = setTimeout(() => this.#fire(1), Math.min(ms, LONGEST_TIMER));
    // Woken later, because the application may abort at any depth of its stack.
    if (cancellation) cancellation.ended = () => this.#end(() => Promise.resolve().then(wake));
  }

  /** Has it keep no process alive. */
  unref(): void {
    (this.#timeout as { unref?(): void } | undefined)?.unref?.();
  }

  /** Calls it off. */
  off(): void {
    this.#armed.delete(this);
    clearTimeout(this.#timeout);
  }

  /** Calls it off, as if its signal had aborted. */
  end(): void {
    this.#end(this.#wake);
  }

  #end(wake: () => void): void {
    if (this.fired !== 0) return;
    this.off();
    this.fired = 2;
    wake();
  }

  #fire(why: number): void {
    this.#armed.delete(this);
    this.fired = why;
    this.#wake();
  }
}

/** What is answered later: `state` is 1 once `value` is the answer, 2 once it is why there is none, as JSON. */
class Reply {
  state = 0;
  value: unknown;

  constructor(work: () => unknown, wake: () => void) {
    this.#run(work, wake);
  }

  async #run(work: () => unknown, wake: () => void): Promise<void> {
    try {
      this.value = await work();
      this.state = 1;
    } catch (error) {
      this.value = JSON.stringify({ causes: describe(error) });
      this.state = 2;
    }
    wake();
  }
}

/** The platform as one client sees it. No method throws. */
export class Edge {
  /** The instance that runs the client's core. */
  instance!: Instance;
  readonly #fetch: Fetch;
  readonly #store: TokenStore;
  readonly #onEvent: ClientOptions['onEvent'];
  readonly #own: PlatformOptions['keys'];
  #keys: Promise<Keys> | undefined;
  /** Whether `fetch` presents a client certificate. */
  readonly certificate: boolean;
  /** Whether the code's source is public. */
  readonly browser: boolean;
  readonly #recent: string[] = [];
  readonly #rateLimitStore: RateLimitStore | undefined;

  constructor(platform: PlatformOptions, store: TokenStore, onEvent: ClientOptions['onEvent']) {
    this.#fetch = platform.fetch;
    this.certificate = platform.certificate;
    this.browser = platform.browser;
    this.#own = platform.keys;
    this.#store = store;
    this.#onEvent = onEvent;
    this.#rateLimitStore = platform.rateLimitStore;
  }

  now(): number {
    return wallClock();
  }

  arm(ms: number, cancellation: Cancellation | undefined, slot: number): Timer {
    const { instance } = this;
    return new Timer(ms, cancellation, instance, () => instance.wake(slot));
  }

  rest(ms: number, slot: number): Timer {
    const timer = this.arm(ms, undefined, slot);
    if (ms > LONGEST_STAY) timer.unref();
    return timer;
  }

  load(part: string, slot: number): Reply {
    return this.#reply(slot, () => this.instance.load(part));
  }

  exchange(
    method: string,
    url: string,
    headerLines: string,
    body: string | undefined,
    maxBytes: number,
    slot: number,
  ): Exchange {
    const headers = headersOf(headerLines, this.browser);
    return new Exchange(this.instance, slot, this.#fetch, method, url, headers, body, maxBytes);
  }

  storeGet(key: string, slot: number): Reply {
    return this.#reply(slot, () => this.#store.get(key));
  }

  storeSwap(key: string, version: string | undefined, value: string | undefined, slot: number): Reply {
    return this.#reply(slot, () => this.#store.compareAndSwap(key, version ?? null, value ?? null));
  }

  get locks(): boolean {
    try {
      return typeof this.#store.withLock === 'function';
    } catch {
      // Taking the lock then fails with what the getter throws.
      return true;
    }
  }

  storeLock(key: string, slot: number): Reply {
    const { locks } = this.instance;
    return this.#reply(slot, () => takeLock(this.#store, key, locks));
  }

  stillHeld(lock: HeldLock, slot: number): Reply {
    return this.#reply(slot, () => lock.isHeld());
  }

  /** Whether the platform can sign and verify: browsers can on https pages only. */
  get signs(): boolean {
    return globalThis.crypto?.subtle !== undefined;
  }

  /** Imports the keys that the application brought; throws where they can't be used. */
  async checkKeys(): Promise<void> {
    if (this.#own.client || this.#own.dpop) await this.#loadKeys();
  }

  clientKey(slot: number): Reply {
    return this.#reply(slot, async () => (await this.#loadKeys()).clientKey());
  }

  proofKey(issuer: string, algorithm: string | undefined, slot: number): Reply {
    return this.#reply(slot, async () => (await this.#loadKeys()).proofKey(issuer, algorithm));
  }

  sign(proof: boolean, input: string, slot: number): Reply {
    return this.#reply(slot, async () => (await this.#loadKeys()).sign(proof, input));
  }

  // Whoever needs no signatures does not load the code for them.
  verify(jwk: string, algorithm: Algorithm, input: string, signature: string, slot: number): Reply {
    return this.#reply(slot, async () => (await signatures()).verify(jwk, algorithm, input, signature));
  }

  sha512(text: string, slot: number): Reply {
    return this.#reply(slot, async () => (await signatures()).sha512(text));
  }

  #loadKeys(): Promise<Keys> {
    this.#keys ??= import('./keys.js').then(async ({ Keys }) => {
      const keys = new Keys(this.#own);
      await keys.check();
      return keys;
    });
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }

  get shares(): boolean {
    return this.#rateLimitStore !== undefined;
  }

  acquire(quota: string, windows: string, call: string, leaseMs: number, slot: number): Reply {
    return this.#reply(slot, () => this.#rateLimitStore?.acquire(quota, JSON.parse(windows), call, leaseMs));
  }

  async release(quota: string, call: string, sent: boolean): Promise<void> {
    try {
      await this.#rateLimitStore?.release(quota, call, sent);
    } catch {
      // A call that can't be released ends with its lease.
    }
  }

  build(message: number, texts: Uint8Array, tape: Uint32Array, aux: Uint8Array): unknown {
    return build(message, texts, tape, aux);
  }

  #reply(slot: number, work: () => unknown): Reply {
    const { instance } = this;
    return new Reply(work, () => instance.wake(slot));
  }

  get watched(): boolean {
    return this.#onEvent !== undefined;
  }

  /** The newest events, oldest first. */
  get recent(): AispEvent[] {
    return this.#recent.map((event) => JSON.parse(event));
  }

  emit(event: string): void {
    this.#recent.push(event);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    if (!this.#onEvent) return;
    const told: AispEvent = JSON.parse(event);
    // A listener's fault is the application's to see, and no reason to fail the call or to end the process.
    attempt(
      () => this.#onEvent?.(told),
      (error) => warn('onEvent', error),
    );
  }
}

const signatures = () => import('./signatures.js');
