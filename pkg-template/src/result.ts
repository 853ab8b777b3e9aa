/** Results that are read when they are needed. */

import type { HeadersLike } from './options.js';
import { reachable, self } from './self.js';

/** A result with what HTTP said of it. */
export interface WithResponse<T> {
  /** The result itself. */
  data: T;
  /** The HTTP status. */
  status: number;
  /** The headers of the response. */
  headers: HeadersLike;
  /** The `X-Request-ID` of the response: name it to support. */
  requestId: string | undefined;
}

/** A result that is asked for once it is awaited, and once only; `withResponse()` gives it with status and headers. */
export class Result<T> implements PromiseLike<T> {
  readonly #fetch: () => Promise<WithResponse<T>>;
  #fetched: Promise<WithResponse<T>> | undefined;

  /** @internal */
  constructor(fetch: () => Promise<WithResponse<T>>) {
    reachable(this);
    this.#fetch = fetch;
  }

  /** The result. */
  // biome-ignore lint/suspicious/noThenProperty: a result can be awaited.
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.withResponse()
      .then(({ data }) => data)
      .then(fulfilled, rejected);
  }

  /** As with a promise. */
  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, rejected);
  }

  /** As with a promise. */
  finally(done?: (() => void) | null): Promise<T> {
    return this.then().finally(done);
  }

  /** So that it fits wherever the types ask for a promise. */
  get [Symbol.toStringTag](): string {
    return 'Result';
  }

  /** The result with status, headers and request id. */
  withResponse(): Promise<WithResponse<T>> {
    const result = self(this);
    result.#fetched ??= result.#fetch();
    return result.#fetched;
  }
}
