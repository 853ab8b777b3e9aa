// Test runners that load modules in their own way: Jest, with CommonJS, and Vitest.
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { startHarness } from '../runtimes/harness.mjs';
import { recentNode } from '../runtimes/programs.mjs';
import { application } from './apps.mjs';

const harness = await startHarness();
const node = recentNode();

test('Jest runs the SDK, required', async (t) => {
  const app = application('jest');
  // Jest takes CommonJS only, unless it is configured.
  const suite = await rolldown({ input: app.at('suite.mjs') });
  await suite.write({ file: app.at('suite.cjs'), format: 'cjs' });
  await harness.check(t, ({ url }) => app.run('jest', [], { RUN: url }));
});

test('Vitest runs the SDK', { skip: node.absent }, async (t) => {
  const app = application('vitest', { node: node.path });
  await harness.check(t, ({ url }) => app.run('vitest', ['run'], { RUN: url }));
});
