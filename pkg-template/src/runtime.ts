/** The wasm instance: started when first needed, shared in the process, and replaced after a panic. */

import loadModule from '#wasm';
import { probeStacks } from './call-site.js';
import { InternalError, makeError, withDetail } from './errors.js';
import { instantiate } from './generated/glue.js';
import { PANIC, WASM_BLOCKED, WASM_MEMORY } from './generated/host-errors.js';
import { VERSION } from './generated/version.js';
import { clock, isTrap, warn } from './guard.js';
import { type Exports, Host } from './host.js';
import { checkPlatform } from './platform.js';

/** A running instance. */
export interface Instance {
  readonly exports: Exports;
  readonly host: Host;
}

interface Shared {
  module?: Promise<WebAssembly.Module> | undefined;
  instance?: Instance | undefined;
}

/** One for each version of this package: its ESM and CommonJS copies use the same instance. */
const KEY = Symbol.for(`@oakford/aisp/${VERSION}`);

function shared(): Shared {
  const place = globalThis as { [KEY]?: Shared };
  place[KEY] ??= {};
  return place[KEY];
}

/** The running instance; starts one where there is none. A failed start is tried again by the next call. */
export async function boot(): Promise<Instance> {
  const state = shared();
  if (state.instance) return state.instance;
  checkPlatform();
  probeStacks();
  state.module ??= loadModule().catch((error: unknown) => {
    state.module = undefined;
    throw notStarted(error);
  });
  const module = await state.module;
  try {
    state.instance ??= start(module);
    return state.instance;
  } catch (error) {
    // WebKit compiles what a policy forbids, and refuses to start it.
    throw notStarted(error);
  }
}

/** The instance that runs now; undefined before the first call and after a panic. */
export function running(): Instance | undefined {
  return shared().instance;
}

/**
 * Starts the wasm ahead of its first use, so that the first call does not wait for it. Never needed.
 *
 * @throws {@link ConfigurationError} with `wasm_blocked` where WebAssembly can't be compiled, `wasm_unavailable` where there is none,
 * `wasm_memory` where its memory can't be had.
 */
export async function preload(): Promise<void> {
  await boot();
}

/**
 * Uses a wasm module that the application loaded itself, where a platform has its own way to load one. Call it before anything else.
 *
 * @param source the bytes of `@oakford/aisp/sdk.wasm`, or a `WebAssembly.Module` made of them
 * @throws the platform's `WebAssembly.CompileError` where the bytes are no module.
 */
export async function setWasmModule(source: ArrayBuffer | ArrayBufferView | object): Promise<void> {
  checkPlatform();
  const state = shared();
  // By its tag, as a module of another realm is no instance of this realm's class.
  const compiled = Object.prototype.toString.call(source) === '[object WebAssembly.Module]';
  const module = compiled
    ? (source as WebAssembly.Module)
    : await WebAssembly.compile(source as BufferSource);
  state.module = Promise.resolve(module);
  state.instance = undefined;
}

/** Calls the wasm. It throws its errors as text; any other exception ended it in the middle, which is a crash. */
export function guarded<T>(instance: Instance, work: (exports: Exports) => T): T {
  try {
    return work(instance.exports);
  } catch (error) {
    throw typeof error === 'string' ? error : crash(instance, error);
  }
}

function start(module: WebAssembly.Module): Instance {
  const exports = instantiate(module, clock, (error) => {
    // A trap of the wasm that the platform's answer was written to.
    if (isTrap(error)) throw error;
    warn('The platform', error);
  });
  const host = new Host(
    () => exports,
    (error) => crash(instance, error),
    (name) => loadPart(exports.wasm, name),
  );
  const instance: Instance = { exports, host };
  return instance;
}

/** A module that is loaded later puts its functions into the table of the first one; `sdk.wasm`, which some bring themselves, has all. */
async function loadPart(first: WebAssembly.Exports, part: string): Promise<void> {
  if (first.parts) new WebAssembly.Instance(await loadModule(part), { first });
}

/** Gives the instance up. The next call starts a fresh one. */
function crash(instance: Instance, cause: unknown): Error {
  const state = shared();
  if (state.instance === instance) state.instance = undefined;
  // A panic is a trap: what is left of its place is the function's number in the wasm. A build keeps the names in `target/wasm-pack`.
  const place = /wasm-function\[\d+\](:0x[\da-f]+)?/.exec(String((cause as Error)?.stack))?.[0];
  const details = withDetail(PANIC, place ? ` (at ${place})` : '');
  const error = () => new InternalError({ ...details, requestSent: 'unknown' });
  instance.host.close(error);
  return error();
}

/** Returns the error for an instance that did not start: the platform's refusal as such, anything else unchanged. */
function notStarted(error: unknown): unknown {
  const { name, message } = error as Error;
  const refusal = error instanceof WebAssembly.CompileError ? WASM_BLOCKED : WASM_MEMORY;
  // Engines differ in class and words for a memory that they can't give.
  if (refusal === WASM_MEMORY && !/RangeError|out of memory/i.test(String(error))) return error;
  return makeError({ ...refusal, causes: [{ name, message }] });
}
