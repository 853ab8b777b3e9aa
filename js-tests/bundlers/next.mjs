// Next.js, built by Turbopack and by webpack: server and client components, a route handler, an edge route.
import { after, test } from 'node:test';
import { launchChromium, openChromium } from '../browser/chromium.mjs';
import { asking, startHarness, visiting } from '../runtimes/harness.mjs';
import { application } from './apps.mjs';

const browser = await launchChromium();
after(() => browser.close());
const harness = await startHarness();
const open = (url) => openChromium(browser, url);

const origins = {
  Turbopack: await start('next-turbopack', []),
  webpack: await start('next-webpack', ['--webpack']),
};

async function start(as, flags) {
  const app = application('next', { as });
  await app.run('next', ['build', ...flags]);
  return app.serve('next', (port) => ['start', '--port', port]);
}

for (const [bundler, origin] of Object.entries(origins)) {
  test(`Next.js with ${bundler}: a client component`, (t) =>
    harness.check(t, visiting(open, `${origin}/browser`), { inBrowser: true }));

  for (const [what, path] of Object.entries({
    'a server component': '/',
    'a route handler': '/route',
    'an edge route': '/edge',
  })) {
    test(`Next.js with ${bundler}: ${what}`, (t) => harness.check(t, asking(`${origin}${path}`)));
  }
}
