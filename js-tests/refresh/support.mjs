/** What the refresh tests share. */
export const HOUR_MS = 3_600_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How many refreshes the sandbox took. */
export const refreshes = (sandbox) => sandbox.requests.count({ grantType: 'refresh_token' });

/** How many requests reached the token endpoint, those of an injected fault included. */
export const tokenRequests = (sandbox) => sandbox.requests.count({ path: '/oauth/token' });

/** The account ids that `count` calls at once give. */
export async function callAtOnce(session, count) {
  const pages = await Promise.all(Array.from({ length: count }, () => session.accounts()));
  return pages.map(({ items }) => items.map(({ accountId }) => accountId).join());
}

/** Whether a request goes to the token endpoint. */
export const isTokenRequest = (url) => url.endsWith('/oauth/token');

/** A `fetch` that runs `before` ahead of each refresh and `after` behind its answer. */
export function fetchWith({ before = async () => {}, after = async () => {} }) {
  return async (url, init) => {
    const refreshing = isTokenRequest(url) && init.body.includes('grant_type=refresh_token');
    if (refreshing) await before(url);
    const response = await fetch(url, init);
    if (refreshing) await after(response);
    return response;
  };
}

/** A port on which nobody listens: below those that servers of other tests are given, and not among those that fetch blocks. */
export const CLOSED_PORT = 2;
