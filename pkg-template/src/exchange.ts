/** One exchange through `fetch`, for the core: first what the headers say, then the body. */

import { describe } from './causes.js';
import { VERSION } from './generated/version.js';
import type { Fetch } from './options.js';

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

const NOTHING = new Uint8Array();

/** So much is read of the body of an error: enough for its JSON, or for a snippet. */
const ERROR_BYTES = 65_536;

/** An exchange under way, and what has come of it. */
export class Exchange {
  /** 0 while nothing has come, 1 once the headers are there, 2 once the body is, or nothing more will come. */
  stage = 0;
  failure: string | undefined;
  status = 0;
  headers: ForeignResponse['headers'] | undefined;
  bytes: Uint8Array = NOTHING;
  readonly #controller = new AbortController();
  #reader: ForeignReader | undefined;

  /** Calls `progress` whenever it has come further. */
  constructor(
    fetch: Fetch,
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | undefined,
    maxBytes: number,
    progress: () => void,
  ) {
    const init: Parameters<Fetch>[1] = {
      method,
      headers,
      redirect: 'manual',
      signal: this.#controller.signal,
    };
    if (body !== undefined) init.body = body;
    this.#run(fetch, url, init, maxBytes, progress);
  }

  header(name: string): string | undefined {
    // A test's fake may have no such method.
    const value: unknown = this.headers?.get?.(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** Ends it, wherever it is. */
  abort(): void {
    this.#controller.abort();
    // Another library's body may not know the signal.
    this.#reader?.cancel().catch(() => {});
  }

  async #run(
    fetch: Fetch,
    url: string,
    init: Parameters<Fetch>[1],
    maxBytes: number,
    progress: () => void,
  ): Promise<void> {
    if (isOffline()) {
      this.failure = '{"phase":"offline"}';
      this.stage = 2;
      return progress();
    }
    try {
      const response = (await fetch(url, init)) as ForeignResponse;
      this.status = response.status;
      this.headers = response.headers;
      this.stage = 1;
      progress();
      const bytes = await this.#read(response, maxBytes);
      if (bytes) this.bytes = inUtf8(bytes, this.header('content-type'));
      else this.failure = JSON.stringify({ phase: 'size' });
    } catch (error) {
      this.failure = JSON.stringify({
        phase: this.stage === 0 ? 'request' : 'body',
        causes: describe(error),
      });
    }
    this.stage = 2;
    progress();
  }

  /** The body's bytes, at most `ERROR_BYTES` of an error's; undefined where a success has more than `maxBytes`. The rest is not read. */
  async #read(response: ForeignResponse, maxBytes: number): Promise<Uint8Array | undefined> {
    const reader = response.body?.getReader?.();
    const isError = this.status < 200 || this.status > 299;
    const most = isError ? ERROR_BYTES : maxBytes;
    if (!reader) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return bytes.length > most && !isError ? undefined : bytes.subarray(0, most);
    }
    this.#reader = reader;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return join(chunks, length);
      length += value.length;
      chunks.push(value);
      if (length > most) {
        reader.cancel().catch(() => {});
        return isError ? join(chunks, length).subarray(0, most) : undefined;
      }
    }
  }
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
