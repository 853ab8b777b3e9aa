/** Lists that come in pages: awaited they give the first page, iterated they give every row. */

import { configurationError } from './errors.js';
import type { AbortSignalLike } from './options.js';
import { Result, type WithResponse } from './result.js';
import { self } from './self.js';
import { reasonOf, watch } from './signals.js';

/** One page of a list. */
export interface Page<T> {
  /** The rows, in the server's order. */
  readonly items: T[];
  /** The server's cursor of the next page; undefined on the last. */
  readonly nextCursor: string | undefined;
  /** From here a listing with the same parameters goes on: pass it as `checkpoint`. Undefined on the last page. */
  readonly checkpoint: string | undefined;
}

/** Fetches the page at a checkpoint (none: the first). `walkedAt`: the stack of the loop over the pages, if there is one. */
export type FetchPage<T> = (
  checkpoint: string | undefined,
  signal: AbortSignalLike | undefined,
  walkedAt: Error | undefined,
) => Promise<WithResponse<Page<T>>>;

/**
 * A list that is read when it is needed: `await` it for the first page, `for await` for every row of every page.
 * While it is iterated, the next page is fetched as the present one is consumed, never more than one ahead.
 */
export class Listing<T> extends Result<Page<T>> implements AsyncIterable<T> {
  readonly #fetch: FetchPage<T>;
  readonly #signal: AbortSignalLike | undefined;
  /** Nobody awaits a page that is fetched ahead when it fails, so the stack is captured where the pages are walked through. */
  #walkedAt: Error | undefined;

  /** @internal */
  constructor(fetch: FetchPage<T>, signal: AbortSignalLike | undefined) {
    super(() => fetch(undefined, signal, this.#walkedAt));
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** Every row of every page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const walk = self(this).#walk();
    try {
      for (let page = await walk.next(); page; page = await walk.next()) {
        const half = Math.ceil(page.items.length / 2);
        for (const [index, row] of page.items.entries()) {
          // A caller who reads half of a page is likely to read the next one.
          if (index === half) walk.fetchAhead();
          yield row;
        }
      }
    } finally {
      walk.end();
    }
  }

  /** Every page, also empty ones. The next page is fetched while one is at work on the present one. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    const walk = self(this).#walk();
    try {
      for (let page = await walk.next(); page; page = await walk.next()) {
        walk.fetchAhead();
        yield page;
      }
    } finally {
      walk.end();
    }
  }

  /** The first `limit` rows of all pages, 1 or more. The limit is mandatory, since a list may be longer than memory allows. */
  async all(options: { limit: number }): Promise<T[]> {
    const limit: unknown = options?.limit;
    if (!Number.isSafeInteger(limit) || Number(limit) < 1) {
      throw configurationError(
        'limit',
        'an integer ≥ 1',
        typeof limit === 'number' ? String(limit) : typeof limit,
      );
    }
    const walk = self(this).#walk();
    const rows: T[] = [];
    try {
      for (let page = await walk.next(); page; page = await walk.next()) {
        for (const row of page.items) rows.push(row);
        if (rows.length >= options.limit) break;
      }
    } finally {
      walk.end();
    }
    return rows.slice(0, options.limit);
  }

  #walk(): Walk<T> {
    const walkedAt = new Error();
    this.#walkedAt = walkedAt;
    return new Walk(this.withResponse(), this.#fetch, this.#signal, walkedAt);
  }
}

/** One way through the pages of a list, with at most one page fetched ahead. */
class Walk<T> {
  readonly #fetch: FetchPage<T>;
  readonly #ahead = new AbortController();
  readonly #unwatch: (() => void) | undefined;
  readonly #walkedAt: Error;
  #checkpoint: string | undefined;
  #coming: Promise<WithResponse<Page<T>>> | undefined;

  constructor(
    first: Promise<WithResponse<Page<T>>>,
    fetch: FetchPage<T>,
    signal: AbortSignalLike | undefined,
    walkedAt: Error,
  ) {
    this.#walkedAt = walkedAt;
    this.#coming = first;
    this.#fetch = fetch;
    this.#unwatch = signal && watch(signal, () => this.#ahead.abort(reasonOf(signal)));
  }

  /** The next page; undefined behind the last. */
  async next(): Promise<Page<T> | undefined> {
    this.fetchAhead();
    const page = (await this.#coming)?.data;
    this.#coming = undefined;
    this.#checkpoint = page?.checkpoint;
    return page;
  }

  /** Asks for the next page, if it was not asked for and there is one. */
  fetchAhead(): void {
    if (this.#coming || this.#checkpoint === undefined) return;
    this.#coming = this.#fetch(this.#checkpoint, this.#ahead.signal, this.#walkedAt);
    // It may fail before `next` awaits it; the rejection is handled there.
    this.#coming.catch(() => {});
  }

  /** Ends what is under way. */
  end(): void {
    this.#unwatch?.();
    this.#ahead.abort();
  }
}
