// Cloudflare's workerd, through miniflare: bundled as wrangler does it, wasm beside the code.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { report, startHarness } from './harness.mjs';
import { installStarters } from './packed.mjs';
import { execute, program, recentNode } from './programs.mjs';

const harness = await startHarness();
const node = recentNode();
const skip = node.absent ?? program('workerd').absent;

/** Code into one module; wasm is uploaded as it is. */
async function bundle(folder) {
  const out = join(folder, 'worker');
  mkdirSync(out);
  const wasm = {
    name: 'wasm-module',
    resolveId(id, importer) {
      if (!id.endsWith('.wasm')) return null;
      copyFileSync(join(importer, '..', id), join(out, basename(id)));
      return { id: `./${basename(id)}`, external: true };
    },
  };
  const input = join(folder, 'workerd.mjs');
  const built = await rolldown({
    input,
    resolve: { conditionNames: ['workerd', 'import'] },
    plugins: [wasm],
  });
  await built.write({ dir: out, entryFileNames: 'index.mjs', codeSplitting: false });
  return out;
}

test('workerd, with requests at once in one isolate', { skip }, async (t) => {
  const worker = await bundle(installStarters());
  const addresses = [];
  const program = join(import.meta.dirname, 'miniflare.mjs');
  const ended = Promise.resolve().then(() => execute(node.path, [program, worker, ...addresses]));
  const start = ({ url }) => {
    addresses.push(url);
    return ended;
  };
  const results = await Promise.all(Array.from({ length: 3 }, () => harness.run(start)));
  for (const result of results) await report(t, result);
});
