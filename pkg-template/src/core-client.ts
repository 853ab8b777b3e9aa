/** One client's way into the core: configuration kept for a fresh instance, options as JSON, errors as classes. */

import { type ClientHost, canSign } from './client-host.js';
import {
  AispError,
  configurationError,
  type ErrorDetails,
  InternalError,
  makeError,
  withDetail,
} from './errors.js';
import type { AispEvent } from './events.js';
import { INTERNAL_ERROR } from './generated/host-errors.js';
import { quietly } from './guard.js';
import type { CallResult, Exports } from './host.js';
import type { AbortSignalLike, CallOptions } from './options.js';
import { json, wellFormed } from './plain.js';
import { boot, guarded, type Instance, running } from './runtime.js';
import { reasonOf } from './signals.js';

/** The client of the core. */
export type Core = InstanceType<Exports['Core']>;

/** What a call gives to the core: its options as JSON, and the signal. */
export interface Call {
  options: string;
  signal: AbortSignalLike | undefined;
}

/** Private to the package: what `Client` and `Session` share. */
export class CoreClient {
  readonly #options: string;
  readonly #host: ClientHost;
  #instance: Instance | undefined;
  #core: Core | undefined;
  /** Events of instances that crashed. */
  #past: AispEvent[] = [];

  constructor(options: object, host: ClientHost) {
    this.#options = json(options, '', false);
    this.#host = host;
  }

  /** Checks the options. What is wrong with them becomes an error whose stack begins at `site`. */
  async start(site: Error | undefined): Promise<void> {
    try {
      const instance = await boot();
      guarded(instance, (exports) => this.#coreOf(instance, exports));
    } catch (thrown) {
      throw asError(thrown, site, undefined);
    }
  }

  /** Calls a method of the core (`Core::call` of `src/wasm/core.rs`). An error's stack begins at `site`. */
  async call(
    site: Error | undefined,
    { options, signal }: Call,
    method: string,
    key: string,
    a?: string,
    b?: string,
    c?: string,
  ): Promise<CallResult> {
    try {
      const instance = running() ?? (await boot());
      return await instance.host.call(signal, (id, aborted) =>
        this.#coreOf(instance, instance.exports).call(id, aborted, canSign(), method, key, a, b, c, options),
      );
    } catch (thrown) {
      throw asError(thrown, site, signal);
    }
  }

  /** The newest events, oldest first. */
  recentEvents(): AispEvent[] {
    return [...this.#past, ...eventsOf(this.#core)].slice(-REMEMBERED);
  }

  /** Asks the core without waiting; undefined where no instance runs. */
  peek<T>(work: (core: Core) => T): T | undefined {
    const [core, instance] = [this.#core, this.#instance];
    return core && instance && instance === running() ? guarded(instance, () => work(core)) : undefined;
  }

  /** Asks the core without waiting, where a session shows that there is one; what it throws becomes an error. */
  ask<T>(work: (core: Core) => T): T {
    try {
      const [core, instance] = [this.#core, this.#instance];
      if (!core || !instance) throw new Error('There is no core.');
      return guarded(instance, () => work(core));
    } catch (thrown) {
      throw asError(thrown, undefined, undefined);
    }
  }

  /** The client in this instance; after a panic a new one with the same configuration and store. */
  #coreOf(instance: Instance, exports: Exports): Core {
    if (this.#instance !== instance || !this.#core) {
      this.#past = this.recentEvents();
      const core = new exports.Core(instance.host, this.#options, this.#host.facts);
      instance.host.add(core.number, this.#host);
      this.#core = core;
      this.#instance = instance;
    }
    return this.#core;
  }
}

/** So many events are remembered for `debugBundle()`. */
const REMEMBERED = 100;

function eventsOf(core: Core | undefined): AispEvent[] {
  let events: AispEvent[] = [];
  // The instance may have crashed while it noted one.
  quietly(() => {
    if (core) events = JSON.parse(core.recentEvents());
  });
  return events;
}

const NOTHING: { rest: string; call: Call } = {
  rest: '{}',
  call: { options: '{}', signal: undefined },
};

/** Splits what a caller passed into the call's own options and the rest, both as JSON. Null counts as absent. */
export function split(options: (CallOptions & object) | null | undefined): { rest: string; call: Call } {
  if (options === undefined || options === null) return NOTHING;
  if (typeof options !== 'object') throw configurationError('options', 'an object', typeof options);
  const { signal, timeoutMs, deadlineMs, priority, psu, ...rest } = options;
  return {
    rest: json(rest),
    call: { options: json({ timeoutMs, deadlineMs, priority, psu }), signal: signalOf(signal) },
  };
}

/** The call of a method that takes no options of its own: others are refused. */
export function callOnly(options: (CallOptions & object) | undefined): Call {
  const { rest, call } = split(options);
  const [name] = Object.keys(JSON.parse(rest));
  if (name === undefined) return call;
  throw configurationError(
    name,
    'one of the options `signal`, `timeoutMs`, `deadlineMs`, `priority`, `psu`',
    'another name',
  );
}

/** A string that the caller must give. */
export function text(path: string, value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw configurationError(
      path,
      'a string that is not empty',
      value === '' ? 'an empty string' : typeof value,
    );
  return wellFormed(path, value);
}

function signalOf(signal: unknown): AbortSignalLike | undefined {
  if (signal === undefined || signal === null) return undefined;
  try {
    const { aborted, addEventListener, removeEventListener } = signal as Record<string, unknown>;
    const methods = [addEventListener, removeEventListener];
    if (typeof aborted === 'boolean' && methods.every((method) => typeof method === 'function'))
      return signal as AbortSignalLike;
  } catch {
    // A getter that throws.
  }
  throw configurationError('signal', 'an AbortSignal', `another ${typeof signal}`);
}

function asError(thrown: unknown, site: Error | undefined, signal: AbortSignalLike | undefined): Error {
  if (typeof thrown === 'string') {
    const details: ErrorDetails = JSON.parse(thrown);
    return makeError(details, site, details.class === 'AbortError' ? reasonOf(signal) : undefined);
  }
  if (thrown instanceof AispError) return thrown;
  const cause = thrown instanceof Error ? thrown : undefined;
  const details = withDetail(INTERNAL_ERROR, cause ? `: ${cause.name}` : '');
  return new InternalError(details, { cause });
}
