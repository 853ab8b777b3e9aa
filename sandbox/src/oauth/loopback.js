// Loopback addresses: what a sandbox listens on and what its demo clients may be redirected to.

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @param {string} hostname as in `URL.hostname` */
export function isLoopbackHost(hostname) {
  return LOOPBACK.has(hostname);
}

/** @param {string} uri */
export function isLoopbackRedirect(uri) {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(uri);
  return protocol === 'http:' && isLoopbackHost(hostname) && !username && !password && !hash;
}
