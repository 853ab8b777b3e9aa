/** An empty page that can import the package, on an origin of its own, and a browser to open it in. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after } from 'node:test';
import { launchChromium } from '../browser/chromium.mjs';
import { listen } from './server.mjs';

const pkg = join(import.meta.dirname, '..', '..', 'pkg');
const imports = {
  '@oakford/aisp': '/index.js',
  '@oakford/aisp/testing': '/testing.js',
  '#wasm': '/wasm/inline.js',
};
const PAGE = `<!doctype html><title>Empty</title><link rel="icon" href="data:,">
  <script type="importmap">${JSON.stringify({ imports })}</script>`;

/** Opens tabs of one browser profile; everything ends with the tests of the file. */
export async function openTabs() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    const file = await readFile(join(pkg, pathname)).catch(() => undefined);
    response.writeHead(file ? 200 : 404, { 'content-type': 'text/javascript' }).end(file);
  });
  const address = `http://${await listen(server)}/`;
  const browser = await launchChromium();
  after(() => browser.close());
  const context = await browser.newContext();
  return {
    address,
    async tab() {
      const page = await context.newPage();
      await page.goto(address);
      return page;
    },
  };
}
