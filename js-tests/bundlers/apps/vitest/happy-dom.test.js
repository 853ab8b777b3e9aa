// @vitest-environment happy-dom
import * as sdk from '@oakford/aisp';
import { expect, test } from 'vitest';
import { runSuite } from './suite.mjs';

test('happy-dom: the SDK works as in a page', { timeout: 60_000 }, async () => {
  expect(document.body).toBeDefined();
  await runSuite(sdk, process.env.RUN);
});
