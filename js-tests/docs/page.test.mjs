/** The guide for a page, in Chromium: its two files as they stand, a customer who connects, the accounts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { approve, deny } from '@oakford/aisp-sandbox/testing';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
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
await once(server, 'listening');
after(() => server.close());

let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

const address = `http://127.0.0.1:${server.address().port}/`;
const errors = [];

/** A browser of its own, whose pages' errors are collected. */
async function openBrowser(options) {
  const context = await browser.newContext(options);
  context.on('weberror', (error) => errors.push(error.error().message));
  return context;
}

async function open(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Clicks the button; returns the address of the bank that the page goes to. */
async function clickConnect(page) {
  const [redirect] = await Promise.all([
    page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/authorize'),
    // The client is ready once its handler is there: a click before it would be lost.
    page
      .waitForFunction(() => globalThis.indexedDB.databases().then((all) => all.length > 0))
      .then(() => page.click('#connect')),
  ]);
  return redirect.url();
}

const accountsOf = (page) =>
  page.waitForFunction(() => document.querySelectorAll('#accounts li').length === 3);

test('the page of the guide connects a bank and lists the accounts, also after a reload', async () => {
  const page = await open(await openBrowser(), address);
  await page.goto(await approve(await clickConnect(page), { user: 'james' }));
  await accountsOf(page);
  assert.equal(new URL(page.url()).pathname, '/');
  await page.reload();
  await accountsOf(page);
  assert.deepEqual(errors, []);
});

test('the page of the guide completes in another tab when the first is closed', async () => {
  const context = await openBrowser();
  const first = await open(context, address);
  const callbackUrl = await approve(await clickConnect(first), { user: 'james' });
  await first.close();
  const second = await open(context, callbackUrl);
  await accountsOf(second);
  assert.equal(second.url(), address);
  assert.deepEqual(errors, []);
});

test('the page of the guide offers to begin again when the customer denies', async () => {
  const page = await open(await openBrowser(), address);
  await page.goto(await deny(await clickConnect(page)));
  await page.getByRole('button', { name: 'Begin again' }).waitFor();
  assert.match(await page.getByRole('status').textContent(), /access_denied/);
  assert.equal(page.url(), address);
  assert.deepEqual(errors, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1440]) {
    test(`the page of the guide offers to begin again in another browser: axe, ${colorScheme}, ${width} pixels`, async () => {
      const first = await open(await openBrowser(), address);
      await assertAccessible(first, 'start');
      const callbackUrl = await approve(await clickConnect(first), { user: 'james' });
      const other = await openBrowser({ colorScheme, viewport: { width, height: 800 } });
      const page = await open(other, callbackUrl);
      await page.getByRole('button', { name: 'Begin again' }).waitFor();
      assert.equal(page.url(), address);
      assert.match(await page.getByRole('status').textContent(), /another browser/);
      await assertAccessible(page, 'nothing found');
      await page.goto(await approve(await clickConnect(page), { user: 'james' }));
      await accountsOf(page);
      assert.deepEqual(errors, []);
    });
  }
}
