/**
 * One exchange through `fetch`: first what the header fields say, then the body.
 *
 * Rule: `docs/security.md#no-redirects`.
 */

import { describe } from './causes.js';
import type { CauseDetails } from './errors.js';
import type { Fetch } from './fetch.js';
import { VERSION } from './generated/version.js';
import { quietly } from './guard.js';

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

/** So much is read of the body of an error: enough for its JSON, or for a snippet. */
const ERROR_BYTES = 65_536;

/** What becomes of an exchange: `head`, then `body`; or `failed` at any point. */
interface Listener {
  head(status: number, headers: string): void;
  body(bytes: Uint8Array): void;
  /** `phase`: how far it was (`src/http/delivery.rs`). */
  failed(phase: string, causes: CauseDetails[]): void;
}

/** One exchange through `fetch`. */
export class Exchange {
  /** The header fields of the response. */
  headers: ForeignResponse['headers'] | undefined;
  readonly #names: readonly string[];
  readonly #listener: Listener;
  #controller: AbortController | undefined;
  #status = 0;
  #phase = 'request';
  #reader: ForeignReader | undefined;

  /** `names`: the header fields that the engine reads. */
  constructor(names: readonly string[], listener: Listener) {
    this.#names = names;
    this.#listener = listener;
  }

  /** Ends it, wherever it is. */
  abort(): void {
    this.#controller?.abort();
    // Another library's body may not know the signal.
    quietly(() => this.#reader?.cancel());
  }

  /** Sends the request. */
  async start(
    fetch: Fetch,
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | undefined,
    maxBytes: number,
  ): Promise<void> {
    let bytes: Uint8Array | undefined;
    try {
      this.#controller = new AbortController();
      const { signal } = this.#controller;
      const init: Parameters<Fetch>[1] = { method, headers, redirect: 'manual', signal };
      if (body !== undefined) init.body = body;
      if (isOffline()) {
        this.#phase = 'offline';
        throw undefined;
      }
      const response = (await fetch(url, init)) as ForeignResponse;
      this.#phase = 'response';
      this.#accept(response);
      this.#phase = 'body';
      this.#listener.head(this.#status, this.#lines());
      bytes = await this.#read(response, maxBytes);
      if (!bytes) this.#phase = 'size';
    } catch (error) {
      this.#listener.failed(this.#phase, describe(error));
      return;
    }
    if (bytes) this.#listener.body(inUtf8(bytes, this.#header('content-type')));
    else this.#listener.failed(this.#phase, []);
  }

  #header(name: string): string | undefined {
    try {
      // A test's fake may have no such method.
      const value: unknown = this.headers?.get?.(name);
      return typeof value === 'string' ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** The fields that the engine reads, one a line. */
  #lines(): string {
    let lines = '';
    for (const name of this.#names) {
      const value = this.#header(name);
      if (value !== undefined) lines += `${name}:${value.replaceAll('\n', ' ')}\n`;
    }
    return lines;
  }

  #accept(response: ForeignResponse | undefined): void {
    const status: unknown = response?.status;
    // The core reads it as 16 bits.
    if (!response || typeof status !== 'number' || status !== (status & 0xffff))
      this.#refuse('It has no status.');
    this.#status = status;
    this.headers = response.headers;
  }

  /** Ends it, because `fetch` gave something else than a `Response`. */
  #refuse(lack: string): never {
    this.#phase = 'response';
    throw new TypeError(lack);
  }

  /** The body's bytes, at most `ERROR_BYTES` of an error's; undefined where a success has more than `maxBytes`. The rest is not read. */
  async #read(response: ForeignResponse, maxBytes: number): Promise<Uint8Array | undefined> {
    const reader = response.body?.getReader?.();
    const isError = this.#status < 200 || this.#status > 299;
    const most = isError ? ERROR_BYTES : maxBytes;
    if (!reader) {
      if (typeof response.arrayBuffer !== 'function') this.#refuse('It has no body.');
      const buffer: unknown = await response.arrayBuffer();
      if (!/Array/.test(tagOf(buffer))) this.#refuse('Its body is not bytes.');
      const bytes = new Uint8Array(buffer as ArrayBuffer);
      return bytes.length > most && !isError ? undefined : bytes.subarray(0, most);
    }
    this.#reader = reader;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return join(chunks, length);
      if (tagOf(value) !== '[object Uint8Array]') this.#refuse('Its body is not bytes.');
      length += value.length;
      chunks.push(value);
      if (length > most) {
        quietly(() => reader.cancel());
        return isError ? join(chunks, length).subarray(0, most) : undefined;
      }
    }
  }
}

/** The type by its tag, because an object of another realm is no instance of this realm's class. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Whether a browser knows that it has no network. Then `fetch` is not called, because its failure would leave open what was sent. */
function isOffline(): boolean {
  return (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;
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

/**
 * The body in UTF-8, as JSON has to be (RFC 8259, section 8.1). What is something else by its byte order mark, or is no
 * UTF-8 and says so, is converted; a charset that the bytes contradict is not trusted.
 */
function inUtf8(bytes: Uint8Array, type: string | undefined): Uint8Array {
  const mark = bytes.length > 1 ? ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0) : 0;
  const marked = mark === 0xfeff ? 'utf-16be' : mark === 0xfffe ? 'utf-16le' : undefined;
  const charset = marked ?? /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return bytes;
  try {
    if (!marked && isUtf8(bytes)) return bytes;
    return new TextEncoder().encode(new TextDecoder(charset).decode(bytes));
  } catch {
    // A charset that nobody knows.
    return bytes;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The header fields of `lines`, and the name of this package unless it runs in a browser. */
export function headersOf(lines: string, browser: boolean): Record<string, string> {
  // A browser names itself, and would ask the server's leave for another name.
  const headers: Record<string, string> = browser ? {} : { 'user-agent': `oakford-aisp/${VERSION}` };
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1);
  }
  return headers;
}
