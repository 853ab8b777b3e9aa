/** The shape of the `fetch` that an application may bring. */

/** The `fetch` that is used: it gets a URL and plain values. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    redirect: 'manual';
    /** An `AbortSignal`. Not typed so, since these types need no DOM and must fit every library's fetch. */
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    signal: any;
  },
) => Promise<unknown>;
