// Tabs of one origin keep to one rate limit together.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launchChromium } from './chromium.mjs';

const pkg = join(import.meta.dirname, '..', '..', 'pkg');
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">
{ "imports": { "@oakford/aisp": "/pkg/index.js", "#wasm": "/pkg/wasm/inline.js" } }</script>`;
const ACCOUNT = { account_id: 'a', currency: 'EUR', account_type: 'current', provider: { provider_id: 'p' } };

/** When the calls of the API arrived, and from which tab. */
const arrived = [];
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname.startsWith('/aisp/')) {
    arrived.push({ at: performance.now(), tab: request.headers.authorization });
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(ACCOUNT));
  }
  if (!pathname.startsWith('/pkg/')) return response.setHeader('content-type', 'text/html').end(PAGE);
  const file = await readFile(join(pkg, pathname.slice(5)));
  response.setHeader('content-type', 'text/javascript').end(file);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launchChromium();
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** Reads as fast as it may for so long; runs in the page. */
async function read({ tab, ms }) {
  const { createClient, memoryStore } = await import('@oakford/aisp');
  const tokenStore = memoryStore();
  const tokens = { v: 1, clientId: 'tabs', issuer: location.origin, accessToken: tab, scope: 'accounts' };
  await tokenStore.compareAndSwap('session:default', null, JSON.stringify(tokens));
  const client = await createClient({
    environment: { baseUrl: `${location.origin}/aisp/v1`, issuer: location.origin },
    clientId: 'tabs',
    redirectUri: `${location.origin}/callback`,
    tokenStore,
    rateLimit: { per10Seconds: 10 },
  });
  const session = await client.session();
  const signal = AbortSignal.timeout(ms);
  let done = 0;
  try {
    for (;;) {
      await session.account('a', { signal });
      done++;
    }
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
  const opening = indexedDB.open('oakford-aisp-limits');
  await new Promise((resolve) => {
    opening.onsuccess = resolve;
  });
  const reading = opening.result.transaction('ledgers').objectStore('ledgers').getAll();
  await new Promise((resolve) => {
    reading.onsuccess = resolve;
  });
  return { done, kept: JSON.stringify(reading.result) };
}

test('three tabs never exceed the limit together, and use it', async () => {
  const context = await browser.newContext();
  const tabs = ['one', 'two', 'three'];
  const pages = await Promise.all(tabs.map(() => context.newPage()));
  for (const page of pages) await page.goto(origin);
  const results = await Promise.all(
    pages.map((page, n) => page.evaluate(read, { tab: tabs[n], ms: 22_000 })),
  );
  const at = arrived.map((call) => call.at);
  for (const first of at) {
    const within = at.filter((other) => other >= first && other < first + 10_000).length;
    assert.ok(within <= 10, `${within} calls in ten seconds`);
  }
  assert.ok(at.length >= 27, `${at.length} of 30 calls`);
  assert.equal(
    results.reduce((sum, { done }) => sum + done, 0),
    at.length,
  );
  assert.ok(
    results[0].kept.length > 100 && !results[0].kept.includes('"one"'),
    'counts are kept, tokens are not',
  );
});
