/** Lists that come in pages: awaited they give the first page, iterated they give every row. */

import { configurationError } from './errors.js';
import type { AbortSignalLike } from './options.js';
import { Result, type WithResponse } from './result.js';

/** One page of a list. */
export interface Page<T> {
  /** The rows, in the server's order. */
  readonly items: T[];
  /** The server's cursor of the next page; undefined on the last. */
  readonly nextCursor: string | undefined;
  /** From here a listing with the same parameters goes on: pass it as `from`. Undefined on the last page. */
  readonly checkpoint: string | undefined;
}

/** Fetches the page at a checkpoint (none: the first). */
export type FetchPage<T> = (
  checkpoint: string | undefined,
  signal: AbortSignalLike | undefined,
) => Promise<WithResponse<Page<T>>>;

/**
 * A list that is read when it is needed: `await` it for the first page, `for await` for every row of every page.
 * While it is iterated, the next page is fetched as the present one is consumed, never more than one ahead.
 */
export class Listing<T> extends Result<Page<T>> implements AsyncIterable<T> {
  readonly #fetch: FetchPage<T>;
  readonly #signal: AbortSignalLike | undefined;

  /** @internal */
  constructor(fetch: FetchPage<T>, signal: AbortSignalLike | undefined) {
    super(() => fetch(undefined, signal));
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** Every row of every page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** Every page, also empty ones. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    const ahead = new AbortController();
    const forward = () => ahead.abort(this.#signal?.reason);
    if (this.#signal?.aborted) forward();
    this.#signal?.addEventListener('abort', forward, { once: true });
    try {
      let next: Promise<WithResponse<Page<T>>> | undefined = this.withResponse();
      while (next) {
        const { data }: WithResponse<Page<T>> = await next;
        next = data.checkpoint === undefined ? undefined : this.#fetch(data.checkpoint, ahead.signal);
        // It may fail before it is asked for; then the failure waits for whoever asks.
        next?.catch(() => {});
        yield data;
      }
    } finally {
      this.#signal?.removeEventListener('abort', forward);
      ahead.abort();
    }
  }

  /** The first `limit` rows of all pages. The limit is mandatory, since a list may be longer than memory allows. */
  async all(options: { limit: number }): Promise<T[]> {
    const limit: unknown = options?.limit;
    if (typeof limit !== 'number' || !(limit >= 1)) {
      throw configurationError(
        'limit',
        'a number of at least 1',
        typeof limit === 'number' ? 'a smaller one' : typeof limit,
      );
    }
    const rows: T[] = [];
    for await (const page of this.pages()) {
      for (const row of page.items) {
        rows.push(row);
        if (rows.length >= limit) return rows;
      }
    }
    return rows;
  }
}
