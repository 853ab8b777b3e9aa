// Serves the worker in a folder with a D1 database until its standard input ends, and says where: a program for a Node that miniflare takes.
import { startWorkerd } from './start-workerd.mjs';

const [folder, settings] = process.argv.slice(2);
const { schema, bindings } = JSON.parse(settings);
const miniflare = startWorkerd(folder, { d1Databases: ['DB'], bindings, host: '127.0.0.1' });
const database = await miniflare.getD1Database('DB');
for (const statement of schema.split(';\n').filter((text) => text.trim())) {
  await database.prepare(statement).run();
}
console.log(String(await miniflare.ready));
process.stdin.resume().on('end', () => miniflare.dispose());
