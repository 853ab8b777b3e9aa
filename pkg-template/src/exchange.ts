/** One exchange through `fetch`, for the core: first what the headers say, then the body. */

import { describe } from './causes.js';
import { VERSION } from './generated/version.js';
import type { Fetch } from './options.js';
import { inBrowser } from './platform.js';

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

/** What came of an exchange. */
export class Answer {
  failure: string | undefined;
  status = 0;
  headers: ForeignResponse['headers'] | undefined;
  bytes: Uint8Array = new Uint8Array();

  header(name: string): string | undefined {
    // A test's fake may have no such method.
    const value: unknown = this.headers?.get?.(name);
    return typeof value === 'string' ? value : undefined;
  }
}

/** An exchange under way. Neither promise rejects. */
export class Exchange {
  /** Resolves once status and headers are there, or nothing will be. */
  readonly head: Promise<Answer>;
  /** Resolves once the body is there, or its failure. */
  readonly whole: Promise<Answer>;
  readonly #answer = new Answer();
  readonly #controller = new AbortController();
  #reader: ForeignReader | undefined;

  constructor(
    fetch: Fetch,
    method: string,
    url: string,
    headerLines: string,
    body: string | undefined,
    maxBytes: number,
  ) {
    const init: Parameters<Fetch>[1] = {
      method,
      headers: headersOf(headerLines),
      redirect: 'manual',
      signal: this.#controller.signal,
    };
    if (body !== undefined) init.body = body;
    const response = this.#send(fetch, url, init);
    this.head = response.then(() => this.#answer);
    this.whole = response.then((response) => this.#receive(response, maxBytes));
  }

  /** Ends it, wherever it is. */
  abort(): void {
    this.#controller.abort();
    // Another library's body may not know the signal.
    this.#reader?.cancel().catch(() => {});
  }

  async #send(fetch: Fetch, url: string, init: Parameters<Fetch>[1]): Promise<ForeignResponse | undefined> {
    try {
      const response = (await fetch(url, init)) as ForeignResponse;
      this.#answer.status = response.status;
      this.#answer.headers = response.headers;
      return response;
    } catch (error) {
      this.#fail('request', error);
      return undefined;
    }
  }

  async #receive(response: ForeignResponse | undefined, maxBytes: number): Promise<Answer> {
    try {
      const bytes = response && (await this.#read(response, maxBytes));
      if (bytes) this.#answer.bytes = inUtf8(bytes, this.#answer.header('content-type'));
      else this.#answer.failure ??= JSON.stringify({ phase: 'size' });
    } catch (error) {
      this.#fail('body', error);
    }
    return this.#answer;
  }

  #fail(phase: string, error: unknown): void {
    this.#answer.failure = JSON.stringify({ phase, causes: describe(error) });
  }

  /** The body's bytes; undefined where there are more than `maxBytes`, of which the rest is not read. */
  async #read(response: ForeignResponse, maxBytes: number): Promise<Uint8Array | undefined> {
    const reader = response.body?.getReader?.();
    if (!reader) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return bytes.length > maxBytes ? undefined : bytes;
    }
    this.#reader = reader;
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

function headersOf(lines: string): Record<string, string> {
  // A browser names itself, and would ask the server's leave for another name.
  const headers: Record<string, string> = inBrowser() ? {} : { 'user-agent': `oakford-aisp/${VERSION}` };
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1);
  }
  return headers;
}
