// Finds a Chromium or Chrome on this machine and starts it, the same way for every test.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser without a window; `flags` go after the usual ones. */
export function launchChromium(flags = []) {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: [...FLAGS, ...flags] });
}

/** Opens `url` in a profile of its own; gives how to close it, and a promise that fails with the page's first error. */
export async function openChromium(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const failed = new Promise((_, reject) => page.on('pageerror', reject));
  await page.goto(url);
  return { failed, close: () => context.close() };
}

/** The program's path. Throws a sentence on how to get one where there is none. */
export function findChromium(env = process.env) {
  const configured = env.CHROMIUM_PATH || env.CHROME_PATH;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = configured
    ? [configured]
    : folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find(isProgram);
  if (found) return found;
  throw new Error(
    configured
      ? `CHROMIUM_PATH or CHROME_PATH names ${configured}, which is no program.`
      : 'The browser tests need Chromium or Chrome: install one (such as `apt install chromium`), or name it in CHROMIUM_PATH.',
  );
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
