// Serves the worker in a folder with a D1 database until its standard input ends, and says where. A program, as miniflare has given up Node 20.
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

const [folder, settings] = process.argv.slice(2);
const { schema, bindings } = JSON.parse(settings);
const miniflare = new Miniflare({
  modules: true,
  modulesRoot: folder,
  scriptPath: join(folder, 'index.mjs'),
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
  compatibilityDate: '2026-07-01',
  d1Databases: ['DB'],
  bindings,
  host: '127.0.0.1',
  cf: false,
});
const database = await miniflare.getD1Database('DB');
for (const statement of schema.split(';\n').filter((text) => text.trim())) {
  await database.prepare(statement).run();
}
console.log(String(await miniflare.ready));
process.stdin.resume().on('end', () => miniflare.dispose());
