/** The guide for a page, in Chromium: its two files as they stand, a customer who connects, the accounts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { launchChromium } from '../browser/chromium.mjs';
import { sandboxForFile } from '../node/support.mjs';
import { root, saved } from './blocks.mjs';

const sandbox = await sandboxForFile();
const files = saved('docs/quickstart-browser.md', sandbox);
const TYPES = { '.js': 'text/javascript', '.html': 'text/html' };
const PACKAGE = '/node_modules/@oakford/aisp/';

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const name = pathname === '/' || pathname === '/callback' ? 'index.html' : pathname.slice(1);
  const body = pathname.startsWith(PACKAGE)
    ? await readFile(join(root, 'pkg', pathname.slice(PACKAGE.length)))
    : files.get(name);
  response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
  response.end(body ?? '');
}).listen(0, '127.0.0.1');
after(() => server.close());

test('the page of the guide connects a bank and lists the accounts, also after a reload', async (context) => {
  const browser = await launchChromium();
  context.after(() => browser.close());
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const [redirect] = await Promise.all([
    page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/authorize'),
    // The client is ready once its handler is there: a click before it would be lost.
    page
      .waitForFunction(() => globalThis.indexedDB.databases().then((all) => all.length > 0))
      .then(() => page.click('#connect')),
  ]);
  await page.goto(await approve(redirect.url(), { user: 'james' }));
  await page.waitForFunction(() => document.querySelectorAll('#accounts li').length === 3);
  assert.equal(new URL(page.url()).pathname, '/');
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('#accounts li').length === 3);
  assert.deepEqual(errors, []);
});
