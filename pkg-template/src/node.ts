/** `@oakford/aisp/node`: what only Node can do. */

export type { CertificateFetch } from './certificate.js';
export type { MtlsOptions } from './mtls.js';
export { mtlsFetch } from './mtls.js';
export { fileStore } from './stores/file.js';
