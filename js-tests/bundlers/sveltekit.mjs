// SvelteKit: a page, a page's data from the server, an endpoint; built for Node.
import { after, test } from 'node:test';
import { launchChromium, openChromium } from '../browser/chromium.mjs';
import { asking, startHarness, visiting } from '../runtimes/harness.mjs';
import { recentNode } from '../runtimes/programs.mjs';
import { application } from './apps.mjs';

const node = recentNode();
const skip = node.absent;
const browser = await launchChromium();
after(() => browser.close());
const harness = await startHarness();
const open = (url) => openChromium(browser, url);

const origin = skip ? undefined : await start();

async function start() {
  const app = application('sveltekit', { node: node.path });
  await app.run('vite', ['build']);
  return app.serve(node.path, () => [app.at('build')]);
}

test('SvelteKit: a page', { skip }, (t) =>
  harness.check(t, visiting(open, `${origin}/`), { inBrowser: true }),
);
test('SvelteKit: the data of a page, from the server', { skip }, (t) =>
  harness.check(t, asking(`${origin}/load`)),
);
test('SvelteKit: an endpoint', { skip }, (t) => harness.check(t, asking(`${origin}/endpoint`)));
