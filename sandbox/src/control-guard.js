// Keeps foreign pages from the controls: only programs and the sandbox's own pages may use them.

/** @typedef {import('node:http').IncomingMessage} Request */

/**
 * Whether a request is for the controls. This decides alone: only these requests reach the control routes, so a spelling
 * that is missed here reaches nothing. It takes in more spellings than the router does, so that all of them are refused
 * to foreign pages.
 * @param {Pick<Request, 'url'>} request
 */
export function isControlRequest({ url = '/' }) {
  // An absolute target (RFC 9112, 3.2.2) carries its origin.
  const [path = ''] = url.replace(/^https?:[/\\]+[^/\\?#]*/i, '').split(/[?#]/);
  return /^[/\\]+_sandbox(?:[/\\;]|$)/i.test(decoded(path));
}

/**
 * Middleware in front of the control routes. CORS never grants anything here, so a header that needs a preflight
 * (`Content-Type: application/json`, or the method DELETE) does not come from a foreign page either.
 * @param {URL | undefined} publicUrl
 * @returns {import('koa').Middleware}
 */
export function refuseForeignPages(publicUrl) {
  return async (ctx, next) => {
    if (isFromForeignPage(ctx.req, publicUrl)) {
      ctx.status = 403;
      ctx.body = {
        error: 'foreign_origin',
        error_description: 'The controls answer their own page and programs, but no page of another origin.',
      };
      return;
    }
    await next();
  };
}

/**
 * @param {Pick<Request, 'method' | 'headers'>} request
 * @param {URL | undefined} publicUrl
 */
export function isFromForeignPage({ method, headers }, publicUrl) {
  const { origin, host, 'sec-fetch-site': site } = headers;
  // Browsers say where a request comes from, older ones and those that use plain http only by `Origin`.
  const isForeignOrigin = origin !== undefined && !isSameOrigin(origin, host, publicUrl);
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!isForeignOrigin && !isForeignSite) return false;
  // A link that leads here opens the page, and the page that has the link can't read it.
  return !(
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}

/**
 * @param {string} origin
 * @param {string | undefined} host that the request names; the gate has checked that it is ours
 * @param {URL | undefined} publicUrl
 */
function isSameOrigin(origin, host, publicUrl) {
  return URL.canParse(origin) && (new URL(origin).host === host || origin === publicUrl?.origin);
}

/** @param {string} path */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
