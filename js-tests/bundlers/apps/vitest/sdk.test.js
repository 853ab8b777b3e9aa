import * as sdk from '@oakford/aisp';
import { test } from 'vitest';
import { runSuite } from './suite.mjs';

test('the SDK works', { timeout: 60_000 }, async () => {
  await runSuite(sdk, process.env.RUN);
});
