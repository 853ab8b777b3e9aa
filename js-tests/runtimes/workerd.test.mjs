// Cloudflare's workerd, through miniflare: bundled as wrangler does it, wasm beside the code.
import { join } from 'node:path';
import { test } from 'node:test';
import { report, startHarness } from './harness.mjs';
import { installStarters } from './packed.mjs';
import { execute, program, recentNode } from './programs.mjs';
import { bundleWorker } from './worker.mjs';

const harness = await startHarness();
const node = recentNode();
const miniflare = join(import.meta.dirname, 'miniflare.mjs');
const skip = node.absent ?? program('workerd').absent;

test('workerd, with requests at once in one isolate', { skip }, async (t) => {
  const worker = await bundleWorker(installStarters(), 'workerd.mjs');
  const addresses = [];
  const ended = Promise.resolve().then(() => execute(node.path, [miniflare, worker, ...addresses]));
  const start = ({ url }) => {
    addresses.push(url);
    return ended;
  };
  const results = await Promise.all(Array.from({ length: 3 }, () => harness.run(start)));
  for (const result of results) await report(t, result);
});

test('workerd: a secret is taken by runtime server if the compatibility date is older than its name', {
  skip,
}, async () => {
  const worker = await bundleWorker(installStarters(), 'workerd-unnamed.mjs');
  const env = { ...process.env, COMPATIBILITY_DATE: '2022-03-20' };
  await execute(node.path, [miniflare, worker, 'once'], { env });
});
