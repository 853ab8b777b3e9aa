// Test runners that load modules in their own way: Jest, with CommonJS, and Vitest. Each on Node, with jsdom or happy-dom, and with fake timers.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { startHarness } from '../runtimes/harness.mjs';
import { recentNode } from '../runtimes/programs.mjs';
import { application } from './apps.mjs';

const harness = await startHarness();
const node = recentNode();
/** What jsdom and happy-dom look like, in a server's process. */
const page = { inBrowser: true, serverProcess: true };

const jest = application('jest');
const vitest = application('vitest', { node: node.path });
for (const app of [jest, vitest])
  cpSync(join(import.meta.dirname, 'fake-timers.mjs'), app.at('fake-timers.mjs'));
// Jest takes CommonJS only, unless it is configured.
for (const name of ['suite', 'fake-timers']) {
  const module = await rolldown({ input: jest.at(`${name}.mjs`) });
  await module.write({ file: jest.at(`${name}.cjs`), format: 'cjs' });
}

const runJest = (file, url) => jest.run('jest', [file], { RUN: url });
const runVitest = (file, url) => vitest.run('vitest', ['run', file], { RUN: url });
const skip = node.absent;

test('Jest: the SDK runs if it is required', async (t) => {
  await harness.check(t, ({ url }) => runJest('sdk.test.js', url));
});

test('Jest: calls go on with fake timers', () => runJest('fake-timers.test.js'));

test('Jest: a request is known as not sent by the error of Node’s fetch', () => runJest('errors.test.js'));

test('Jest: createClient names what the jsdom environment lacks', () => runJest('jsdom.test.js'));

test('Jest: the SDK runs in jsdom if Node gives what it lacks', async (t) => {
  await harness.check(t, ({ url }) => runJest('page.test.js', url), page);
});

test('Vitest: the SDK runs', { skip }, async (t) => {
  await harness.check(t, ({ url }) => runVitest('sdk.test.js', url));
});

test('Vitest: calls go on with fake timers', { skip }, () => runVitest('fake-timers.test.js'));

for (const environment of ['jsdom', 'happy-dom']) {
  test(`Vitest: the SDK runs in ${environment}`, { skip }, async (t) => {
    await harness.check(t, ({ url }) => runVitest(`${environment}.test.js`, url), page);
  });
}
