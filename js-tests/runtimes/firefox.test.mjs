// Firefox: a page, a web worker, a service worker.
import { execFileSync } from 'node:child_process';
import { after } from 'node:test';
import puppeteer from 'puppeteer-core';
import { testPages } from './pages.mjs';

const NAMES = ['firefox-esr', 'firefox'];

await testPages('Firefox', await start());

async function start() {
  const executablePath = NAMES.map(which).find(Boolean);
  if (!executablePath) return { absent: 'Firefox is not installed here (apt-get install firefox-esr)' };
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  after(() => browser.close());
  return { open: (url) => visit(browser, url) };
}

async function visit(browser, url) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const failed = new Promise((_, reject) => {
    // Firefox counts what a policy stopped among the errors; the harness has reports of that.
    page.on('pageerror', (error) => error.message.startsWith('Content-Security-Policy') || reject(error));
  });
  await page.goto(url);
  return { failed, close: () => context.close() };
}

function which(command) {
  try {
    return execFileSync('which', [command], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
