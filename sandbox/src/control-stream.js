// What the control page is told while it is open, as server-sent events: the state of the sandbox and the requests as they come.
import { PassThrough } from 'node:stream';

const EVERY_MS = 250;
const AT_FIRST = 200;

/** @typedef {import('./request-log.js').Entry} Entry */

/**
 * @param {import('koa').Context} ctx
 * @param {{ requests: import('./request-log.js').RequestLog, state: () => object }} sandbox
 */
export function streamEvents(ctx, { requests, state }) {
  const stream = new PassThrough();
  ctx.type = 'text/event-stream';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = stream;
  const tell = (/** @type {string} */ event, /** @type {string} */ json) =>
    stream.write(`event: ${event}\ndata: ${json}\n\n`);

  const news = newsOf(requests);
  let said = '';
  const look = () => {
    const now = JSON.stringify(state());
    if (now !== said) tell('state', now);
    said = now;
    const entries = news();
    if (entries.length > 0) tell('requests', JSON.stringify(entries));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  ctx.req.once('close', () => {
    clearInterval(timer);
    stream.end();
  });
}

/**
 * @param {import('./request-log.js').RequestLog} requests
 * @returns {() => Entry[]} those that are new since the last time, and those that have been answered since
 */
function newsOf(requests) {
  let last = 0;
  /** @type {Set<number>} */
  let waiting = new Set();
  return () => {
    const fresh = [...requests].filter(({ id }) => id > last || waiting.has(id)).slice(-AT_FIRST);
    const news = fresh.filter(({ id, durationMs }) => id > last || durationMs !== undefined);
    waiting = new Set(fresh.filter(({ durationMs }) => durationMs === undefined).map(({ id }) => id));
    last = fresh.reduce((latest, { id }) => Math.max(latest, id), last);
    return news;
  };
}
