/** The documentation's site as `npm run build:docs` made it: links, search, and how it looks on a telephone and on a desk. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { addresses } from '../../website/.vitepress/pages.mjs';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { root } from './blocks.mjs';

const site = join(root, 'site');
assert.ok(existsSync(join(site, 'index.html')), 'Build the site first: npm run build:docs');

const pages = readdirSync(site, { recursive: true }).filter((path) => path.endsWith('.html'));
const guides = [...addresses.values()].map((address) => (address === 'index' ? '/' : `/${address}.html`));
const html = new Map(
  pages.map((path) => [`/${path.replaceAll('\\', '/')}`, readFileSync(join(site, path), 'utf8')]),
);

test('site: has each guide and the reference of each entry', () => {
  for (const guide of guides) assert.ok(html.has(guide === '/' ? '/index.html' : guide), guide);
  for (const entry of ['', '/node', '/redis', '/testing']) {
    assert.ok(html.has(`/reference/@oakford/aisp${entry}/index.html`), entry);
  }
});

test('site: no link is broken, to a page, a file or an anchor', () => {
  const ids = new Map();
  const idsOf = (page) => {
    if (!ids.has(page))
      ids.set(page, new Set([...html.get(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)));
    return ids.get(page);
  };
  for (const [page, text] of html) {
    const base = `http://site${page}`;
    for (const [, link] of text.matchAll(/ (?:href|src|srcset)="([^"]+)"/g)) {
      const url = new URL(link.replaceAll('&amp;', '&'), base);
      if (url.hostname !== 'site') continue;
      const path = decodeURIComponent(url.pathname).replace(/\/$/, '/index.html');
      const found = html.has(path) ? path : html.has(`${path}.html`) ? `${path}.html` : undefined;
      assert.ok(found !== undefined || existsSync(join(site, path)), `${page}: ${link}`);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (found !== undefined && anchor !== '') assert.ok(idsOf(found).has(anchor), `${page}: ${link}`);
    }
  }
});

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://site').pathname).replace(/\/$/, '/index.html');
  const file = [path, `${path}.html`].map((name) => join(site, name)).find((name) => existsSync(name));
  response.setHeader('content-type', TYPES[extname(file ?? '')] ?? 'text/plain');
  response.statusCode = file === undefined ? 404 : 200;
  response.end(file === undefined ? '' : readFileSync(file));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
const origin = `http://127.0.0.1:${server.address().port}`;

let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

/** A page of the browser, with what it must not do: fail, or ask another server. */
async function open(options) {
  const context = await browser.newContext(options);
  const faults = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on(
    'response',
    (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`),
  );
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) faults.push(request.url());
  });
  return { page, faults };
}

const session = '/reference/@oakford/aisp/interfaces/Session.html';
// Every page where it is hardest, and on a desk one of each kind.
for (const [width, colorScheme, paths] of [
  [360, 'dark', [...guides, session]],
  [1440, 'light', ['/', '/security.html', '/performance.html', session]],
]) {
  test(`site: axe finds nothing and nothing overflows at ${width} pixels, ${colorScheme}`, async () => {
    const { page, faults } = await open({ colorScheme, viewport: { width, height: 900 } });
    for (const path of paths) {
      await page.goto(origin + path);
      await assertAccessible(page, path);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${path} is wider than the window by ${wider} pixels`);
    }
    assert.deepEqual(faults, []);
  });
}

test('site: the search finds a page by a word of its text', async () => {
  const { page, faults } = await open({ viewport: { width: 1440, height: 900 } });
  await page.goto(origin);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('invalid_grant');
  await page.locator('#localsearch-list a[href*="refresh"]').first().waitFor();
  assert.deepEqual(faults, []);
});

test('site: a reader can choose dark', async () => {
  const { page } = await open({ colorScheme: 'light', viewport: { width: 1440, height: 900 } });
  await page.goto(origin);
  await page.getByRole('switch').first().click();
  assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark')), true);
});
