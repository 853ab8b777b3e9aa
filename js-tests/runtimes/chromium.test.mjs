// Chromium: a page, a web worker, a service worker.
import { after } from 'node:test';
import { launchChromium } from '../browser/chromium.mjs';
import { testPages } from './pages.mjs';

const browser = await launchChromium();
after(() => browser.close());

/** Each visit is a browser profile of its own, so that no service worker outlives it. */
async function open(url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const failed = new Promise((_, reject) => page.on('pageerror', reject));
  await page.goto(url);
  return { failed, close: () => context.close() };
}

await testPages('Chromium', { open });
