// A page that was served by http from a host beyond loopback: the browser gives it no `crypto.subtle`.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { launchChromium } from './chromium.mjs';

const pkg = join(import.meta.dirname, '..', '..', 'pkg');
const PAGE = '<!doctype html><link rel="icon" href="data:,">';

const sandbox = await startSandbox({ rateLimit: false });
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (!pathname.startsWith('/pkg/')) return response.setHeader('content-type', 'text/html').end(PAGE);
  const file = await readFile(join(pkg, pathname.slice(5)));
  response.setHeader('content-type', 'text/javascript').end(file);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await launchChromium(['--host-resolver-rules=MAP app.test 127.0.0.1']);
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await sandbox.close();
});

const page = await browser.newPage();
await page.exposeFunction('approve', (url) => approve(url, { user: 'anna' }));
await page.goto(`http://app.test:${server.address().port}/`);

/** Makes a client in the page, and with `connects` a session; gives the error, or the number of accounts. */
async function use({ connects, ...options }) {
  const { createClient } = await import('/pkg/standalone/index.js');
  const error = ({ name, code, message }) => ({ name, code, message });
  const client = await createClient(options).catch(error);
  if (!connects) return client;
  const { url, pending } = await client.beginAuthorization();
  const session = await client.completeAuthorization(await approve(url), pending);
  return (await session.accounts()).items.length;
}

const options = {
  environment: { baseUrl: sandbox.baseUrl },
  clientId: sandbox.clients.web.clientId,
  redirectUri: 'http://127.0.0.1/callback',
};

test('insecure origin: createClient names crypto.subtle and https, and nothing is sent', async () => {
  assert.equal(await page.evaluate(() => isSecureContext), false);
  const before = sandbox.requests.length;
  for (const more of [{}, { scope: ['accounts'], dpop: true }]) {
    const { name, code, message } = await page.evaluate(use, { ...options, ...more });
    assert.deepEqual([name, code], ['ConfigurationError', 'crypto_unavailable']);
    assert.match(message, /crypto\.subtle.*https/);
  }
  assert.equal(sandbox.requests.length, before);
});

test('insecure origin: a client without openid and dpop connects a customer', async () => {
  const scope = ['accounts', 'offline_access'];
  assert.equal(await page.evaluate(use, { ...options, scope, connects: true }), 3);
});
