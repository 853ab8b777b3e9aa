// What a default login and a first page of transactions load in all: a bundled application in Chromium, and the files that it asks for.
import { createServer } from 'node:http';
import { approve, startSandbox } from '@oakford/aisp-sandbox/testing';
import { launchChromium } from '../../js-tests/browser/chromium.mjs';
import { brotli, bundle, entryOf } from './loaded.mjs';

const APP = "import { createClient } from '@oakford/aisp'; globalThis.createClient = createClient;";

/** The bytes in brotli, and the names of the files. */
export async function loadedByLogin() {
  const { files, outputs } = await bundle(APP);
  const asked = new Set();
  const server = createServer((request, response) => {
    const path = request.url.slice(1);
    if (!files.has(path)) {
      const page = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${entryOf(outputs)}"></script>`;
      return response.setHeader('content-type', 'text/html').end(page);
    }
    asked.add(path);
    response.setHeader('content-type', 'text/javascript').end(files.get(path));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sandbox = await startSandbox();
  const browser = await launchChromium();
  try {
    await login(await browser.newPage(), `http://127.0.0.1:${server.address().port}/`, sandbox);
  } finally {
    await Promise.all([browser.close(), sandbox.close()]);
    server.close();
  }
  const bytes = [...asked].reduce((total, path) => total + brotli(files.get(path)), 0);
  return { bytes, files: [...asked].map((path) => path.replace(/^out\//, '')) };
}

async function login(page, address, sandbox) {
  await page.goto(address);
  const options = {
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: `${address}callback`,
  };
  const { url, pending } = await page.evaluate(async (options) => {
    globalThis.client = await globalThis.createClient(options);
    return globalThis.client.beginAuthorization();
  }, options);
  const callbackUrl = await approve(url, { user: 'anna' });
  const rows = await page.evaluate(
    async ([callbackUrl, pending]) => {
      const session = await globalThis.client.completeAuthorization(callbackUrl, pending);
      const { items } = await session.accounts();
      return (await session.transactions(items[0].accountId)).items.length;
    },
    [callbackUrl, pending],
  );
  if (rows !== 100) throw new Error(`The first page has ${rows} transactions in place of 100.`);
}
