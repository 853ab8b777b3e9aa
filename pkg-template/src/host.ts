/**
 * What JavaScript does for one instance of the wasm: it brings events to the engine, and does the effects that the engine asks for
 * (`src/wasm/host.rs`). It knows no OAuth, no retry and no limit.
 */

import { Alarm } from './alarm.js';
import { describe } from './causes.js';
import type { ClientHost, SentRequest } from './client-host.js';
import { Exchange } from './exchange.js';
import type { instantiate } from './generated/glue.js';
import { build, type Message } from './generated/messages.js';
import { quietly, wallClock } from './guard.js';
import type { AbortSignalLike, HeadersLike, RateWindow } from './options.js';
import { watch } from './signals.js';
import { StoreLock } from './store-lock.js';

/** What the wasm module exports. */
export type Exports = ReturnType<typeof instantiate>;

/** The result of a call. */
export interface CallResult {
  /** The rows of each page, or the one object that was asked for. */
  rows: unknown[];
  /** A text of the engine, JSON in most cases. */
  text: string | undefined;
  /** The header fields of the response that it came by. */
  headers: HeadersLike | undefined;
}

/** A call that has not ended. */
interface Call {
  readonly rows: unknown[];
  /** Whether its signal aborted. */
  aborted: boolean;
  /** Whether the engine knows it. */
  started: boolean;
  resolve(result: CallResult): void;
  reject(error: unknown): void;
  /** Stops watching its signal. */
  unwatch(): void;
}

const signatures = () => import('./signatures.js');

/** The host of one instance. */
export class Host {
  readonly #exports: () => Exports;
  readonly #crash: (error: unknown) => void;
  readonly #load: (module: string) => Promise<void>;
  /** What the engine asked for in the turn that is under way. */
  #effects: (() => void)[] = [];
  readonly #clients = new Map<number, ClientHost>();
  readonly #calls = new Map<number, Call>();
  readonly #exchanges = new Map<number, Exchange>();
  readonly #locks = new Map<number, StoreLock>();
  #headerNames: string[] | undefined;
  #newestCall = 0;
  /** The calls whose signals aborted since the last event. */
  readonly #aborted: number[] = [];
  /** The response whose body the engine reads. */
  #reading: Exchange | undefined;
  readonly #alarm = new Alarm((at) => this.#bring((exports) => exports.alarm(at)));
  #closed = false;

  /** `crash` gets what ended the wasm in the middle; `load` loads a module of it. */
  constructor(
    exports: () => Exports,
    crash: (error: unknown) => void,
    load: (module: string) => Promise<void>,
  ) {
    this.#exports = exports;
    this.#crash = crash;
    this.#load = load;
  }

  /** Has effects of the client of that number done by `client`. */
  add(number: number, client: ClientHost): void {
    this.#clients.set(number, client);
  }

  /** Starts a call by `begin` once the caller's code has returned. Rejects with a text of the engine, or with another error. */
  call(
    signal: AbortSignalLike | undefined,
    begin: (id: number, aborted: boolean) => void,
  ): Promise<CallResult> {
    return new Promise((resolve, reject) => {
      this.#newestCall += 1;
      const id = this.#newestCall;
      const call: Call = { rows: [], aborted: false, started: false, resolve, reject, unwatch: () => {} };
      if (signal) {
        call.unwatch = watch(signal, () => {
          call.aborted = true;
          if (!call.started) return;
          this.#aborted.push(id);
          // Later, because the application may abort at any depth of its stack.
          Promise.resolve().then(() => this.#bring(() => {}));
        });
      }
      this.#calls.set(id, call);
      // Later, because the application may call at any depth of its stack, and an overflow in the wasm is a crash.
      // By a promise, since tests with fake timers replace `queueMicrotask`.
      Promise.resolve().then(() =>
        this.#bring(() => {
          call.started = true;
          try {
            begin(id, call.aborted);
          } catch (error) {
            // The engine's errors are texts; anything else is a crash.
            if (typeof error !== 'string') throw error;
            this.#calls.delete(id);
            call.unwatch();
            reject(error);
          }
        }),
      );
    });
  }

  /** Ends everything that is under way: what was sent is aborted, then locks are released and callers rejected with what `error` makes. */
  close(error: () => Error): void {
    this.#closed = true;
    quietly(() => this.#alarm.close());
    this.#effects = [];
    for (const exchange of this.#exchanges.values()) quietly(() => exchange.abort());
    for (const lock of this.#locks.values()) quietly(() => lock.release());
    for (const call of this.#calls.values()) {
      call.unwatch();
      call.reject(error());
    }
    this.#calls.clear();
  }

  /** Does what the engine asks for outside an event. */
  flush(): void {
    this.#perform();
  }

  /** Brings an event to the engine, then does its effects. */
  #bring(event: (exports: Exports) => void): void {
    if (this.#closed) return;
    try {
      // Before anything else, so that what was aborted ends as aborted.
      for (const id of this.#aborted.splice(0)) this.#exports().cancel(id);
      event(this.#exports());
    } catch (error) {
      this.#crash(error);
      return;
    }
    this.#perform();
  }

  #perform(): void {
    const effects = this.#effects;
    this.#effects = [];
    for (const effect of effects) effect();
  }

  /** Brings the answer to an effect, or why there is none. */
  async #answer(id: number, work: () => unknown): Promise<void> {
    try {
      const value = await work();
      this.#bring((exports) => exports.answer(id, value));
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #refuse(id: number, error: unknown): void {
    this.#bring((exports) => exports.refused(id, JSON.stringify(describe(error))));
  }

  // What follows is called by the wasm, which has not returned yet: each method notes what is to be done.

  now(): number {
    return wallClock();
  }

  send(id: number, client: number, ...request: SentRequest): void {
    this.#effects.push(() => {
      this.#headerNames ??= this.#exports().headerNames().split('\n');
      const exchange = new Exchange(this.#headerNames, {
        head: (status, lines) => this.#bring((exports) => exports.head(id, status, lines)),
        body: (bytes) => {
          this.#exchanges.delete(id);
          this.#reading = exchange;
          this.#bring((exports) => exports.body(id, bytes));
          this.#reading = undefined;
        },
        failed: (phase, causes) => {
          this.#exchanges.delete(id);
          this.#bring((exports) => exports.failed(id, phase, JSON.stringify(causes)));
        },
      });
      this.#exchanges.set(id, exchange);
      this.#clients.get(client)?.send(exchange, ...request);
    });
  }

  abort(id: number): void {
    this.#effects.push(() => {
      this.#exchanges.get(id)?.abort();
      this.#exchanges.delete(id);
    });
  }

  storeGet(id: number, client: number, key: string): void {
    this.#effects.push(async () => {
      try {
        const found: unknown = await this.#clients.get(client)?.store.get(key);
        const { value, version } = (found ?? {}) as Record<string, unknown>;
        this.#bring((exports) => {
          if (typeof value === 'string' && typeof version === 'string') exports.entry(id, value, version);
          // Something else than an entry is no answer that the engine takes.
          else exports.answer(id, found === null || found === undefined ? undefined : false);
        });
      } catch (error) {
        this.#refuse(id, error);
      }
    });
  }

  storeSwap(
    id: number,
    client: number,
    key: string,
    version: string | undefined,
    value: string | undefined,
  ): void {
    const swap = () => this.#clients.get(client)?.store.compareAndSwap(key, version ?? null, value ?? null);
    this.#effects.push(() => this.#answer(id, swap));
  }

  lock(id: number, client: number, key: string): void {
    this.#effects.push(() => {
      const store = this.#clients.get(client)?.store;
      if (!store) return;
      const lock = new StoreLock(
        store,
        key,
        () => this.#bring((exports) => exports.answer(id, undefined)),
        (error) => {
          this.#locks.delete(id);
          this.#refuse(id, error);
        },
      );
      this.#locks.set(id, lock);
    });
  }

  isHeld(id: number, lock: number): void {
    this.#effects.push(() => this.#answer(id, () => this.#locks.get(lock)?.isHeld() ?? false));
  }

  unlock(lock: number): void {
    this.#effects.push(() => {
      this.#locks.get(lock)?.release();
      this.#locks.delete(lock);
    });
  }

  acquire(
    id: number,
    client: number,
    quota: string,
    windows: Float64Array,
    call: string,
    leaseMs: number,
  ): void {
    const pairs: RateWindow[] = [];
    for (let at = 0; at < windows.length; at += 2) pairs.push([windows[at] ?? 0, windows[at + 1] ?? 0]);
    const acquire = () => this.#clients.get(client)?.rateLimitStore?.acquire(quota, pairs, call, leaseMs);
    this.#effects.push(() => this.#answer(id, acquire));
  }

  release(client: number, quota: string, call: string, sent: boolean): void {
    // A call that can't be released ends with its lease.
    this.#effects.push(() =>
      quietly(() => this.#clients.get(client)?.rateLimitStore?.release(quota, call, sent)),
    );
  }

  clientKey(id: number, client: number): void {
    this.#effects.push(() =>
      this.#answer(id, async () => (await this.#clients.get(client)?.keys())?.clientKey()),
    );
  }

  proofKey(id: number, client: number, issuer: string, algorithm: string | undefined): void {
    this.#effects.push(() =>
      this.#answer(id, async () => (await this.#clients.get(client)?.keys())?.proofKey(issuer, algorithm)),
    );
  }

  sign(id: number, client: number, proof: boolean, input: string): void {
    this.#effects.push(() =>
      this.#answer(id, async () => (await this.#clients.get(client)?.keys())?.sign(proof, input)),
    );
  }

  verify(
    id: number,
    jwk: string,
    algorithm: Parameters<Awaited<ReturnType<typeof signatures>>['verify']>[1],
    input: string,
    signature: string,
  ): void {
    this.#effects.push(() =>
      this.#answer(id, async () => (await signatures()).verify(jwk, algorithm, input, signature)),
    );
  }

  sha512(id: number, text: string): void {
    this.#effects.push(() => this.#answer(id, async () => (await signatures()).sha512(text)));
  }

  load(id: number, module: string): void {
    this.#effects.push(() => this.#answer(id, () => this.#load(module)));
  }

  emit(client: number, event: string): void {
    this.#effects.push(() => this.#clients.get(client)?.emit(event));
  }

  rows(call: number, message: number, texts: Uint8Array, tape: Uint32Array, aux: Uint8Array): void {
    // At once: these are views of the wasm's memory.
    this.#calls.get(call)?.rows.push(build(message as Message, texts, tape, aux));
  }

  settle(id: number, succeeded: boolean, text: string | undefined, exchange: number): void {
    const headers = exchange > 0 ? (this.#reading?.headers as HeadersLike | undefined) : undefined;
    this.#effects.push(() => {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      call?.unwatch();
      if (succeeded) call?.resolve({ rows: call.rows, text, headers });
      else call?.reject(text);
    });
  }

  alarm(at: number, delay: number, holdsProcess: boolean): void {
    this.#effects.push(() => this.#alarm.arm(at, delay, holdsProcess));
  }

  forget(client: number): void {
    this.#effects.push(() => this.#clients.delete(client));
  }
}
