// Starts workerd with the worker in a folder, and sends it each address at once. A program, as miniflare has given up Node 20.
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

const [folder, ...runs] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: true,
  modulesRoot: folder,
  scriptPath: join(folder, 'index.mjs'),
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
  compatibilityDate: '2026-07-01',
  cf: false,
});
try {
  const answers = await Promise.all(
    runs.map(async (body) => {
      const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body });
      return { ok: response.ok, text: await response.text() };
    }),
  );
  for (const { ok, text } of answers) if (!ok) throw new Error(text);
} finally {
  await miniflare.dispose();
}
