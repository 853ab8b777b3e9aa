/** The recipes for React and Vue in Chromium: connecting, also in another tab, and what each tab shows. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { approve, deny, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';

const recipes = join(import.meta.dirname, '..', '..', 'examples', 'recipes', 'page');
const sandbox = await sandboxForFile();
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

/** Compiles single-file components, as Vite does. */
const vue = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, 'utf8'), { filename: path });
      return { contents: compileScript(descriptor, { id: 'recipe', inlineTemplate: true }).content };
    });
  },
};

/** Builds a recipe as Vite's development server would, and serves it on every path. */
async function serve(entry) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(recipes, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    jsxDev: true,
    define: {
      'process.env.NODE_ENV': '"development"',
      'import.meta.env.VITE_BASE_URL': JSON.stringify(sandbox.baseUrl),
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [vue],
  });
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Accounts</title>
    <link rel="icon" href="data:,"><main><h1>Accounts</h1><div id="app"></div></main>
    <script type="module" src="/app.js"></script></html>`;
  const server = createServer(({ url }, response) => {
    const isScript = url === '/app.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0].text : page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

for (const [framework, entry] of [
  ['React in StrictMode', 'react/main.jsx'],
  ['Vue', 'vue/main.js'],
]) {
  test(`${framework}: a connection completes once in another tab, all tabs show it, and a refusal leads on`, async () => {
    const address = await serve(entry);
    const context = await browser.newContext();
    after(() => context.close());
    const errors = [];
    context.on('weberror', (error) => errors.push(error.error().message));
    context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const open = async (url) => {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    };
    const button = (page, name) => page.getByRole('button', { name });
    const begin = async (page, name) => {
      const [request] = await Promise.all([
        page.waitForRequest((asked) => new URL(asked.url()).pathname === '/oauth/authorize'),
        button(page, name).click(),
      ]);
      return request.url();
    };
    const accounts = (page) => page.getByRole('listitem');
    const hasAccounts = (page) => accounts(page).nth(2).waitFor();

    const waiting = await open(address);
    await button(waiting, 'Connect your bank').waitFor();
    await assertAccessible(waiting, `${framework}, not connected`);
    const first = await open(address);
    const callbackUrl = await approve(await begin(first, 'Connect your bank'), { user: 'james' });
    const before = tokenRequests(sandbox);
    const second = await open(callbackUrl);
    await hasAccounts(second);
    assert.equal(second.url(), address, 'the code left the address bar');
    assert.equal(tokenRequests(sandbox), before + 1);
    await hasAccounts(waiting);
    await assertAccessible(second, `${framework}, connected`);
    await second.reload();
    await hasAccounts(second);

    await button(second, 'Disconnect').click();
    for (const page of [second, waiting]) await button(page, 'Connect your bank').waitFor();
    const refused = await open(await deny(await begin(second, 'Connect your bank')));
    assert.match(await refused.getByRole('alert').textContent(), /access_denied/);
    await refused.goto(await approve(await begin(refused, 'Begin again'), { user: 'anna' }));
    await hasAccounts(refused);
    assert.deepEqual(errors, []);
  });
}
