/** Functions that stand in for `fetch`: without a network, recording, and with work around a refresh. */
import { account } from './server.mjs';

/** Makes a `fetch` without a network: `answer(number, url, init)` returns a status or `[status, headers, body]`, or never settles. */
export function fakeFetch(answer) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, init, at: performance.now() });
    const answered = await Promise.race([answer(calls.length, url, init), aborted(init.signal)]);
    const [code, headers = {}, body = account] = Array.isArray(answered) ? answered : [answered];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: code, headers });
  };
  return { fetch, calls };
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** Makes a `fetch` that records requests and answers. */
export function recorder(inner = globalThis.fetch) {
  const exchanges = [];
  const recording = async (url, init) => {
    const exchange = {
      url,
      method: init.method,
      headers: init.headers,
      form: new URLSearchParams(init.body),
    };
    exchanges.push(exchange);
    const response = await inner(url, init);
    exchange.status = response.status;
    exchange.responseHeaders = response.headers;
    return response;
  };
  const at = (path) => exchanges.filter(({ url }) => new URL(url).pathname === path);
  return { fetch: recording, exchanges, at };
}

/** Returns whether a request goes to the token endpoint. */
export const isTokenRequest = (url) => url.endsWith('/oauth/token');

/** Makes a `fetch` that runs `before` each refresh and `after` its answer. */
export function fetchWith({ before = async () => {}, after = async () => {} }) {
  return async (url, init) => {
    const refreshing = isTokenRequest(url) && init.body.includes('grant_type=refresh_token');
    if (refreshing) await before(url);
    const response = await fetch(url, init);
    if (refreshing) await after(response);
    return response;
  };
}
