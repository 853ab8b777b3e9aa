// Serves the demo page on the loopback address: the example's files as they are, the package beside them, and a way to the sandbox's controls.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { isFromForeignPage } from '../sandbox/src/control-guard.js';
import { isLoopbackHost } from '../sandbox/src/oauth/loopback.js';
import { root } from './step.mjs';

const page = join(root, 'examples', 'browser');
const folders = { pkg: join(root, 'pkg'), '': page };

const CONTROLS = '/controls/';

/** What the page uses of others, from our own server. */
const uplot = join(root, 'node_modules', 'uplot', 'dist');
const vendor = {
  '/vendor/uplot.js': join(uplot, 'uPlot.esm.js'),
  '/vendor/uplot.css': join(uplot, 'uPlot.min.css'),
};

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

const CONFIGURATION = /(<script type="application\/json" id="configuration">)[\s\S]*?(?=<\/script>)/;
const IMPORT_MAP = /<script type="importmap">([\s\S]*?)<\/script>/;

/** Serves the page for a sandbox; `port` 0 takes a free one. */
export async function serveDemo(sandbox, { port = 0 } = {}) {
  const server = createServer((request, response) => {
    answer(request, response, sandbox).catch(() => refuse(response, 500));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request, response, sandbox) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith(CONTROLS)) return forward(request, response, pathname, sandbox);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-cache');
  if (pathname === '/') return sendPage(response, sandbox);
  const file = fileOf(pathname);
  const found = file && (await stat(file).catch(() => undefined));
  if (!found?.isFile()) return refuse(response, 404);
  response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** Passes a control call of the demo page on, because the sandbox takes none from pages of other origins. */
async function forward(request, response, pathname, sandbox) {
  const { method, headers } = request;
  // A host name that leads here by DNS rebinding makes a foreign page look like ours.
  const isOurHost = isLoopbackHost(new URL(`http://${headers.host}`).hostname);
  if (!isOurHost || isFromForeignPage(request)) return refuse(response, 403);
  const answered = await fetch(`${sandbox.origin}/_sandbox/${pathname.slice(CONTROLS.length)}`, {
    method,
    headers: { 'Content-Type': headers['content-type'] ?? '' },
    ...(method === 'GET' ? {} : { body: await buffer(request) }),
  });
  response.writeHead(answered.status, { 'Content-Type': TYPES['.json'] }).end(await answered.text());
}

/** The file of a path; none outside of the folders that are served. */
function fileOf(pathname) {
  if (Object.hasOwn(vendor, pathname)) return vendor[pathname];
  const [, folder, rest] = /^\/(?:(pkg)\/)?(.+)$/.exec(pathname) ?? [];
  if (!rest) return undefined;
  const base = folders[folder ?? ''];
  const file = join(base, rest);
  return file.startsWith(base + sep) ? file : undefined;
}

/** The page with its configuration filled in, under a policy that lets it reach the sandbox and nothing else. */
function sendPage(response, { baseUrl, origin, clients, users }) {
  const configuration = {
    baseUrl,
    clientId: clients.web.clientId,
    customers: users.map(({ username, password, name }) => ({ username, password, name })),
    controls: CONTROLS.slice(0, -1),
  };
  const json = JSON.stringify(configuration).replaceAll('<', '\\u003c');
  const html = readFileSync(join(page, 'index.html'), 'utf8').replace(CONFIGURATION, (_, tag) => tag + json);
  response.setHeader('Content-Type', TYPES['.html']);
  response.setHeader('Content-Security-Policy', policy(html, origin));
  response.end(html);
}

function policy(html, sandboxOrigin) {
  // An import map stands in the page itself, so the policy names it by its hash.
  const [, importMap] = IMPORT_MAP.exec(html) ?? [];
  const hash = createHash('sha256').update(importMap).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`,
    "style-src 'self'",
    `connect-src 'self' ${sandboxOrigin}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function refuse(response, status) {
  response.writeHead(status).end();
}
