/** What the tests of calls share: a small API that counts, and time that only the test moves. */
import { mock } from 'node:test';
import { json, serve } from '../node/server.mjs';

/** One account, as the API sends it. */
export const account = {
  account_id: 'a',
  currency: 'EUR',
  account_type: 'current',
  provider: { provider_id: 'p' },
};

/**
 * A server that answers the n-th request with `answers[n]`, a function of the response or a status, and every further one with
 * the account. `at` holds when each came.
 */
export async function scripted(...answers) {
  const at = [];
  const origin = await serve((request, response) => {
    const answer = answers[at.length];
    at.push(performance.now());
    if (typeof answer === 'function') return answer(response, request);
    if (answer === undefined) return json(response, account);
    response.writeHead(answer, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'asked_for' }));
  });
  return { origin, at };
}

/**
 * Time that only the test moves: timers, the time of day and the monotonic clock. `fetch` has to be one that needs no timer.
 * `pass(ms, step)` moves it step by step, and lets everything run that became due.
 */
export function fakeTime(t, start = Date.UTC(2026, 0, 15, 9)) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: start });
  const clock = mock.method(performance, 'now', () => Date.now() - start);
  t.after(() => {
    mock.timers.reset();
    clock.mock.restore();
  });
  return {
    start,
    get now() {
      return Date.now() - start;
    },
    async pass(ms, step = ms) {
      for (let left = ms; left > 0; left -= step) {
        mock.timers.tick(Math.min(step, left));
        await settled();
      }
    },
    settled,
  };
}

/** Lets every promise that can go on do so. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A fetch without network: `answer(url, init)` gives a status, or `[status, headers, body]`, or never returns. */
export function fakeFetch(answer) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, init, at: performance.now() });
    const told = await Promise.race([answer(calls.length, url, init), aborted(init.signal)]);
    const [code, headers = {}, body = account] = Array.isArray(told) ? told : [told];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: code, headers });
  };
  return { fetch, calls };
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
