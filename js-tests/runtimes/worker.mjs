// Bundles a worker as wrangler does it: code into one module, wasm beside it as it is.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Bundles `entry` of a folder; gives the folder of the worker. */
export async function bundleWorker(folder, entry) {
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
  const built = await rolldown({
    input: join(folder, entry),
    resolve: { conditionNames: ['workerd', 'import'] },
    plugins: [wasm],
  });
  await built.write({ dir: out, entryFileNames: 'index.mjs', codeSplitting: false });
  return out;
}
