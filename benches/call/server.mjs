// A server on loopback, in a process of its own: transaction lists of any length, and lists in pages.

import { createServer } from 'node:http';
import { transactions } from '../decode/data.mjs';

/** Seeds that no test uses. */
const SEED = 91_000;
const PAGE = 500;

const bodies = new Map();

/** The body for an account named `rows-100`, or a page of one named `pages-200`. */
function body(path, cursor) {
  const key = `${path} ${cursor}`;
  const [, kind, count] = /\/accounts\/(rows|pages)-(\d+)\/transactions/.exec(path) ?? [];
  if (!kind) return undefined;
  if (kind === 'pages') return page(Number(cursor ?? 0), Number(count));
  if (!bodies.has(key))
    bodies.set(key, JSON.stringify(transactions(Number(count), 'european', SEED + Number(count))));
  return bodies.get(key);
}

/** Every page has other rows, so that keys and texts are new. */
function page(number, count) {
  const list = transactions(PAGE, 'european', SEED + 1000 + number);
  return JSON.stringify({ ...list, next_cursor: number + 1 < count ? String(number + 1) : null });
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const text = body(url.pathname, url.searchParams.get('cursor'));
  const headers = {
    'content-type': 'application/json',
    'x-request-id': request.headers['x-request-id'] ?? '',
  };
  response.writeHead(text === undefined ? 404 : 200, headers).end(text);
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
