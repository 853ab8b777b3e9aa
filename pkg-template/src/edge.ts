/** What JavaScript does for the core (`src/wasm/edge.rs`): fetch, timers, the token store, rows, events. */

import type { PlatformOptions } from './bridge.js';
import type { CauseDetails } from './errors.js';
import type { AispEvent } from './events.js';
import { VERSION } from './generated/version.js';
import type { Keys } from './keys.js';
import type { AbortSignalLike, ClientOptions, Fetch, TokenStore } from './options.js';
import { inBrowser } from './platform.js';
import { build } from './rows.js';
import type { Algorithm } from './signatures.js';

/** setTimeout fires at once for more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The platform as one client sees it. No method throws. */
export class Edge {
  readonly #fetch: Fetch;
  readonly #store: TokenStore;
  readonly #onEvent: ClientOptions['onEvent'];
  readonly #own: PlatformOptions['keys'];
  #keys: Promise<Keys> | undefined;
  /** Whether `fetch` presents a client certificate. */
  readonly certificate: boolean;

  constructor(platform: PlatformOptions, store: TokenStore, onEvent: ClientOptions['onEvent']) {
    this.#fetch = platform.fetch;
    this.certificate = platform.certificate;
    this.#own = platform.keys;
    this.#store = store;
    this.#onEvent = onEvent;
  }

  now(): number {
    return Date.now();
  }

  arm(ms: number, signal: AbortSignalLike | undefined, fire: (aborted: boolean) => void): () => void {
    const abort = () => fire(true);
    if (signal?.aborted) {
      abort();
      return () => {};
    }
    const timer = setTimeout(fire, Math.min(ms, LONGEST_TIMER), false);
    signal?.addEventListener('abort', abort, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  }

  exchange(method: string, url: string, headerLines: string, body: string | undefined, maxBytes: number) {
    const controller = new AbortController();
    const init: Parameters<Fetch>[1] = {
      method,
      headers: headersOf(headerLines),
      redirect: 'manual',
      signal: controller.signal,
    };
    if (body !== undefined) init.body = body;
    return {
      answer: exchange(this.#fetch, url, init, maxBytes),
      abort: () => controller.abort(),
    };
  }

  async storeGet(key: string): Promise<unknown> {
    return this.#store.get(key);
  }

  async storeSwap(key: string, version: string | undefined, value: string | undefined): Promise<boolean> {
    return this.#store.compareAndSwap(key, version ?? null, value ?? null);
  }

  /** Imports the keys that the application brought; throws where they can't be used. */
  async checkKeys(): Promise<void> {
    if (this.#own.client || this.#own.dpop) await this.#loadKeys();
  }

  async clientKey(): Promise<string> {
    return (await this.#loadKeys()).clientKey();
  }

  async proofKey(issuer: string, algorithm: string | undefined): Promise<string | undefined> {
    return (await this.#loadKeys()).proofKey(issuer, algorithm);
  }

  async sign(proof: boolean, input: string): Promise<string> {
    return (await this.#loadKeys()).sign(proof, input);
  }

  // Whoever needs no signatures does not load the code for them.
  async verify(jwk: string, algorithm: Algorithm, input: string, signature: string): Promise<boolean> {
    return (await import('./signatures.js')).verify(jwk, algorithm, input, signature);
  }

  async sha512(text: string): Promise<Uint8Array> {
    return (await import('./signatures.js')).sha512(text);
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

  build(message: number, body: Uint8Array, tape: Uint32Array, side: Uint8Array): unknown {
    return build(message, body, tape, side);
  }

  get watched(): boolean {
    return this.#onEvent !== undefined;
  }

  emit(event: string): void {
    const told: AispEvent = JSON.parse(event);
    try {
      this.#onEvent?.(told);
    } catch (error) {
      // A listener's fault is the application's to see, and no reason to fail the call.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** A `Response` by its shape: it may come from another library's fetch. */
interface ForeignResponse {
  status: number;
  headers: { get(name: string): string | null };
  body?: { getReader?(): ForeignReader } | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface ForeignReader {
  read(): Promise<{ done: boolean; value?: Uint8Array }>;
  cancel(): Promise<void>;
}

/** What came of an exchange, for the core. */
class Answer {
  failure: string | undefined;
  status = 0;
  headers: ForeignResponse['headers'] | undefined;
  bytes: Uint8Array = new Uint8Array();

  header(name: string): string | undefined {
    return this.headers?.get(name) ?? undefined;
  }
}

async function exchange(
  fetch: Fetch,
  url: string,
  init: Parameters<Fetch>[1],
  maxBytes: number,
): Promise<Answer> {
  const answer = new Answer();
  let phase = 'request';
  try {
    const response = (await fetch(url, init)) as ForeignResponse;
    phase = 'body';
    answer.status = response.status;
    answer.headers = response.headers;
    const bytes = await read(response, maxBytes);
    if (bytes) answer.bytes = bytes;
    else answer.failure = JSON.stringify({ phase: 'size' });
  } catch (error) {
    answer.failure = JSON.stringify({ phase, causes: describe(error) });
  }
  return answer;
}

/** The body's bytes; undefined where there are more than `maxBytes`, of which the rest is not read. */
async function read(response: ForeignResponse, maxBytes: number): Promise<Uint8Array | undefined> {
  const reader = response.body?.getReader?.();
  if (!reader) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.length > maxBytes ? undefined : bytes;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return join(chunks, length);
    length += value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function headersOf(lines: string): Record<string, string> {
  // A browser names itself, and would ask the server's leave for another name.
  const headers: Record<string, string> = inBrowser() ? {} : { 'user-agent': `oakford-aisp/${VERSION}` };
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1);
  }
  return headers;
}

/** What an error and its causes say; whatever else hangs on them may hold credentials, and is left. */
function describe(thrown: unknown): CauseDetails[] {
  const causes: CauseDetails[] = [];
  for (let at = thrown; at instanceof Error && causes.length < 5; at = at.cause) {
    const { code } = at as { code?: unknown };
    const details: CauseDetails = { name: String(at.name), message: String(at.message) };
    if (typeof code === 'string') details.code = code;
    causes.push(details);
    // A connection tried over several addresses fails with all of their errors.
    if (at instanceof AggregateError && at.cause === undefined && at.errors[0] instanceof Error) {
      causes.push(...describe(at.errors[0]));
    }
  }
  return causes;
}
