// Runs the same measurements in the browsers that are on the PATH.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openWebkit, webkit } from '../../js-tests/browser/webkit.mjs';

const CHROMIUM_FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const TYPES = { js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm' };

/** Measures in every browser there is; gives their names and results, or why one is absent. */
export async function* inBrowsers(folder, options) {
  const server = await serve(folder);
  const url = `http://127.0.0.1:${server.address().port}/`;
  try {
    for (const [name, command, run] of [
      ['Chromium', 'chromium', inChromium],
      ['Firefox', 'firefox', inFirefox],
    ]) {
      const executablePath = which(command);
      if (executablePath) yield { name, results: await run(executablePath, url, options) };
      else yield { name, absent: `as there is no ${command} on the PATH` };
    }
    const found = webkit();
    if (found.absent) yield { name: 'WebKit', absent: `as ${found.absent}` };
    else yield { name: 'WebKit', results: await inWebkit(found, url, options) };
  } finally {
    server.close();
  }
}

async function inChromium(executablePath, url, options) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS.split(' ') });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await page.evaluate(inPage, options);
  } finally {
    await browser.close();
  }
}

async function inFirefox(executablePath, url, options) {
  const puppeteer = createRequire(import.meta.url)('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: 600_000,
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await page.evaluate(inPage, options);
  } finally {
    await browser.close();
  }
}

/** WebKit's driver takes a script as text. */
async function inWebkit(found, url, options) {
  const { execute, close } = await openWebkit(found, url);
  try {
    return await execute(`const done = arguments[arguments.length - 1];
      (${inPage})(${JSON.stringify(options)}).then(done, (error) => done({ failed: String(error) }));`);
  } finally {
    await close();
  }
}

/** Runs in the page. */
async function inPage(options) {
  const { ways } = await import('/ways.mjs');
  const { measure } = await import('/measure.mjs');
  const wasm = await (await fetch('/oakford_aisp_bg.wasm')).arrayBuffer();
  const zod = await import('/zod.js');
  return measure(await ways({ folder: new URL('/', location.href), wasm, rivals: { zod } }), options);
}

async function serve(folder) {
  const { build } = await import('rolldown');
  await build({ input: 'zod', output: { file: join(folder, 'zod.js') }, logLevel: 'silent' });
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '' : request.url.slice(1);
    // Isolated pages get a finer clock.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', TYPES[path.split('.').pop()] ?? 'text/html');
    try {
      response.end(path ? readFileSync(join(folder, path)) : '<!doctype html><title>bench</title>');
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function which(command) {
  try {
    return execFileSync('which', [command], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
