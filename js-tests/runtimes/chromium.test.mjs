// Chromium: a page, a web worker, a service worker.
import { after } from 'node:test';
import { launchChromium, openChromium } from '../browser/chromium.mjs';
import { testPages } from './pages.mjs';

const browser = await launchChromium();
after(() => browser.close());

await testPages('Chromium', { open: (url) => openChromium(browser, url) });
