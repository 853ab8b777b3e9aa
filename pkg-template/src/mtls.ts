/** Mutual TLS on Node: a `fetch` that presents the client's certificate, built on undici (RFC 8705). */

import { type CertificateFetch, withCertificate } from './certificate.js';
import { configurationError } from './errors.js';
import type { Fetch } from './fetch.js';

/** PEM text, or its bytes. */
export type Pem = string | Uint8Array;

/** What `mtlsFetch` takes. */
export interface MtlsOptions {
  /** The client certificate (eIDAS QWAC), with its chain, in PEM. */
  cert: Pem | readonly Pem[];
  /** Its private key in PEM. */
  key: Pem;
  /** Where the key is encrypted. */
  passphrase?: string;
  /** The certificate authorities to trust instead of Node's own, in PEM. */
  ca?: Pem | readonly Pem[];
}

/**
 * A `fetch` whose connections present a client certificate, for the option `fetch` of `createClient`. It needs the package `undici`:
 * Node's own `fetch` can't be given a certificate. TLS 1.2 or newer (RFC 8705, section 2).
 *
 * @throws `ConfigurationError` where `cert` or `key` is missing; if they are wrong, the first call fails with the reason as the `cause` of its error.
 *
 * ```js
 * const fetch = mtlsFetch({ cert: readFileSync('client.crt'), key: readFileSync('client.key') });
 * const client = await createClient({ profile: 'fapi2', clientAuth: { method: 'tls_client_auth' }, fetch, … });
 * ```
 */
export function mtlsFetch(options: MtlsOptions): CertificateFetch {
  for (const name of ['cert', 'key'] as const) {
    if (!options?.[name]) throw configurationError(name, 'PEM text or bytes', 'nothing');
  }
  let loaded: Promise<Fetch> | undefined;
  return withCertificate(async (url, init) => {
    loaded ??= load(options);
    loaded.catch(() => {
      loaded = undefined;
    });
    return (await loaded)(url, init);
  });
}

async function load({ cert, key, passphrase, ca }: MtlsOptions): Promise<Fetch> {
  // An optional package: a bundler that looked for it would fail where mtlsFetch is not used.
  const { Agent, fetch } = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'undici').catch(
    (cause: unknown) => {
      throw new Error("`mtlsFetch` needs the package undici. Run 'npm install undici@7'.", { cause });
    },
  );
  // Its own fetch and its own Agent: those of Node may be of another version, and then don't work together.
  const dispatcher = new Agent({ connect: { cert, key, passphrase, ca, minVersion: 'TLSv1.2' } as object });
  return (url, init) => fetch(url, { ...init, dispatcher } as Parameters<typeof fetch>[1]);
}
