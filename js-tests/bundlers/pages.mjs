// Bundlers for pages: what they build runs in Chromium.
import { copyFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { launchChromium, openChromium } from '../browser/chromium.mjs';
import { startHarness, visiting } from '../runtimes/harness.mjs';
import { execute } from '../runtimes/programs.mjs';
import { application } from './apps.mjs';

const browser = await launchChromium();
after(() => browser.close());
const harness = await startHarness();
const open = (url) => openChromium(browser, url);
const inBrowser = true;

/** Serves what was built, and runs it. */
async function check(t, folder) {
  harness.folder = folder;
  await harness.check(t, visiting(open, `${harness.origin}/`), { inBrowser });
}

for (const [what, name] of Object.entries({ 'a page': 'vite', 'a page’s worker': 'vite-worker' })) {
  test(`Vite builds ${what}`, async (t) => {
    const app = application(name);
    await app.run('vite', ['build']);
    await check(t, app.at('dist'));
  });
}

test('Vite’s development server serves a page', async (t) => {
  const app = application('vite');
  const origin = await app.serve('vite', (port) => ['--port', port, '--strictPort']);
  await harness.check(t, visiting(open, `${origin}/`), { inBrowser });
});

for (const [what, name] of Object.entries({ 'a page': 'webpack', 'a page’s worker': 'webpack-worker' })) {
  test(`webpack builds ${what}`, async (t) => {
    const app = application(name);
    await app.run('webpack', ['--mode', 'production']);
    copyFileSync(app.at('index.html'), app.at('dist', 'index.html'));
    await check(t, app.at('dist'));
  });
}

test('Rollup builds a page', async (t) => {
  const app = application('rollup');
  await app.run('rollup', ['src/main.js', '--dir', 'dist', '--plugin', 'node-resolve']);
  copyFileSync(app.at('index.html'), app.at('dist', 'index.html'));
  await check(t, app.at('dist'));
});

test('esbuild builds a page', async (t) => {
  const app = application('esbuild');
  await app.run('esbuild', ['app.js', '--bundle', '--minify', '--outfile=dist/app.js']);
  copyFileSync(app.at('index.html'), app.at('dist', 'index.html'));
  await check(t, app.at('dist'));
});

test('esbuild builds a Node script into one file', async (t) => {
  const app = application('esbuild');
  await app.run('esbuild', ['server.js', '--bundle', '--platform=node', '--outfile=dist/server.cjs']);
  await harness.check(t, ({ url }) => execute(process.execPath, [app.at('dist', 'server.cjs'), url]));
});

test('Parcel builds a page', async (t) => {
  const app = application('parcel');
  await app.run('parcel', ['build', 'src/index.html', '--no-cache']);
  await check(t, app.at('dist'));
});
