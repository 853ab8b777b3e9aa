// What a run of the suite talks to: a sandbox, and a server that gives the settings, is the customer, serves pages and takes the results.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { names } from './suite.mjs';

const PATIENCE = 120_000;
const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.html': 'text/html',
  '.css': 'text/css',
};

/** Starts one that ends with the tests of the calling file. The files of `folder` are served with `headers(path)`. */
export async function startHarness({ folder, headers } = {}) {
  const sandbox = await startSandbox({ rateLimit: false });
  const runs = new Map();
  const violations = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error.stack)));
  });
  async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://harness');
    const [, where, id, task = 'settings'] = pathname.split('/');
    if (where === 'violations') return response.end(String(violations.push(await text(request))));
    if (where !== 'runs') return serve(response, { folder: harness.folder, pathname, headers });
    // Applications under test have origins of their own.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    // happy-dom asks first, also where browsers need not.
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    response.end(await runs.get(id)[task](request));
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(async () => {
    server.closeAllConnections();
    server.close();
    await sandbox.close();
  });
  const harness = new Harness(`http://127.0.0.1:${server.address().port}`, sandbox, runs, violations);
  harness.folder = folder;
  return harness;
}

class Harness {
  /** `violations` are the reports of a Content-Security-Policy whose `report-uri` is `/violations`. */
  constructor(origin, sandbox, runs, violations) {
    Object.assign(this, { origin, sandbox, runs, violations });
  }

  /** Runs the suite somewhere and makes a test of each behaviour. */
  async check(t, start, options) {
    await report(t, await this.run(start, options));
  }

  /**
   * `start({ url, results })` starts the suite somewhere; what it gives ends when the suite has. `inBrowser`: it is a page or looks like one;
   * `serverProcess`: in the process of a server.
   */
  async run(start, { inBrowser = false, serverProcess = false } = {}) {
    const run = this.#open({ inBrowser, serverProcess });
    const over = Promise.resolve(start(run)).then(() => {
      throw new Error('The suite ended without results.');
    });
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('No results came in time.')), PATIENCE);
    });
    try {
      return await Promise.race([run.results, over, late]);
    } finally {
      clearTimeout(timer);
      over.catch(() => {});
    }
  }

  #open(place) {
    const { baseUrl, clients } = this.sandbox;
    const settings = { baseUrl, web: clients.web, server: clients.server, ...place };
    const id = String(this.runs.size + 1);
    const results = new Promise((resolve) => {
      this.runs.set(id, {
        settings: () => JSON.stringify(settings),
        consent: async (request) => approve(await text(request), { user: 'anna' }),
        hang: async (request) => {
          const path = await text(request);
          this.sandbox.faults.add({ match: { method: 'GET', path }, fault: 'hang' });
          return '';
        },
        results: async (request) => {
          resolve(JSON.parse(await text(request)));
          return '';
        },
      });
    });
    return { url: `${this.origin}/runs/${id}`, results };
  }
}

/** A start for `run`: sends a browser to a page that runs the suite. `open(url)` gives how to `close` it, and what may have `failed`. */
export function visiting(open, page) {
  return async ({ url, results }) => {
    const { failed = results, close } = await open(`${page}?run=${encodeURIComponent(url)}`);
    await Promise.race([results, failed]).finally(close);
  };
}

/** A start for `run`: asks a server whose answer to `address` is a run of the suite. */
export function asking(address) {
  return async ({ url }) => {
    const response = await fetch(`${address}?run=${encodeURIComponent(url)}`);
    const said = await response.text();
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${said}`);
  };
}

/** Makes a test of each result, and sees that none is missing. */
export async function report(t, results) {
  for (const { name, failure } of results)
    await t.test(name, () => assert.equal(failure, undefined, failure));
  assert.deepEqual(
    results.map(({ name }) => name),
    names,
  );
}

function serve(response, { folder, pathname, headers = () => ({}) }) {
  const path = folder && join(folder, pathname === '/' ? 'index.html' : pathname);
  if (!path || !statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
  for (const [name, value] of Object.entries(headers(path))) response.setHeader(name, value);
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.end(readFileSync(path));
}
