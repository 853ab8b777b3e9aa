// Starts workerd with the worker in a folder. Run by Node 24, as miniflare has given up Node 20.
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

/** The running worker; `options` are miniflare's. */
export function startWorkerd(folder, options) {
  return new Miniflare({
    modules: true,
    modulesRoot: folder,
    scriptPath: join(folder, 'index.mjs'),
    modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
    compatibilityDate: '2026-07-01',
    cf: false,
    ...options,
  });
}
