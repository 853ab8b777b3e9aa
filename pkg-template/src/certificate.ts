/** How a `fetch` says that it presents a client certificate (RFC 8705). */

import type { Fetch } from './fetch.js';

const MARK = Symbol.for('@oakford/aisp/certificate');

/** A `fetch` whose connections present a client certificate: made by `mtlsFetch`. */
export type CertificateFetch = Fetch & {
  /** Distinguishes the types. At run time a mark counts that `mtlsFetch` sets. */
  readonly presentsCertificate: true;
};

/** Marks a `fetch` as one that presents a certificate. */
export function withCertificate(fetch: Fetch): CertificateFetch {
  return Object.assign(fetch, { [MARK]: true, presentsCertificate: true as const });
}

/** Whether a `fetch` is so marked. */
export function presentsCertificate(fetch: Fetch | undefined): boolean {
  return (fetch as { [MARK]?: unknown } | undefined)?.[MARK] === true;
}
