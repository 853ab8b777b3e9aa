/**
 * What only Node can do.
 * @module @oakford/aisp/node
 */

export type { CertificateFetch } from './certificate.js';
export type { Fetch } from './fetch.js';
export type { MtlsOptions, Pem } from './mtls.js';
export { mtlsFetch } from './mtls.js';
export type { TokenStore } from './options.js';
export { fileStore } from './stores/file.js';
