// Where a sandbox listens, and under which names it answers.
import { isLoopbackHost } from './oauth/loopback.js';
import { OptionError } from './options.js';

/**
 * @typedef {object} Address
 * @property {string} origin of every URL that the sandbox names: the issuer, the metadata, redirects
 * @property {URL | undefined} publicUrl
 * @property {(hostname: string) => boolean} isOurs whether requests to a host name are answered
 */

const EVERY_INTERFACE = new Set(['0.0.0.0', '::']);

/**
 * @param {string} host
 * @param {string | undefined} publicUrl
 * @returns {(port: number) => Address}
 */
export function addressFor(host, publicUrl) {
  const url = publicUrl === undefined ? undefined : parsePublicUrl(publicUrl);
  const inUrl = host.includes(':') ? `[${host}]` : host;
  if (!URL.canParse(`http://${inUrl}`))
    throw new OptionError(`host must be a host name or an address, got "${host}"`);
  const { hostname } = new URL(`http://${EVERY_INTERFACE.has(host) ? '127.0.0.1' : inUrl}`);
  const names = new Set([hostname, ...(url ? [url.hostname] : [])]);
  return (port) => ({
    origin: url?.origin ?? `http://${hostname}:${port}`,
    publicUrl: url,
    isOurs: (name) => isLoopbackHost(name) || names.has(name),
  });
}

/** @param {string} text */
function parsePublicUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url && ['http:', 'https:'].includes(url.protocol) && url.href === `${url.origin}/`;
  if (!isOrigin)
    throw new OptionError(
      `publicUrl must be an http or https URL without a path, such as http://sandbox:8787, got "${text}"`,
    );
  return url;
}
