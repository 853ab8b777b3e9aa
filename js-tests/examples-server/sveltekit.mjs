/** The recipe for SvelteKit, built and run as a person would: a part of `npm run test:bundlers`. */
import { join } from 'node:path';
import { test } from 'node:test';
import { application } from '../bundlers/apps.mjs';
import { recentNode } from '../runtimes/programs.mjs';
import { freePort } from '../support/machine.mjs';
import { startExample, walk } from './walk.mjs';

const node = recentNode();

if (node.absent) {
  test('SvelteKit', { skip: node.absent }, () => {});
} else {
  const from = join(import.meta.dirname, '..', '..', 'examples', 'recipes');
  await walk('SvelteKit', async (sandbox, appOrigin) => {
    const port = await freePort();
    const as = `sveltekit-recipe-${appOrigin ? 'https' : 'http'}`;
    const app = application('sveltekit', { as, node: node.path, from });
    await app.run('vite', ['build'], { ORIGIN: appOrigin ?? `http://localhost:${port}` });
    return startExample(sandbox, { cwd: app.folder, program: node.path, args: ['build'], appOrigin, port });
  });
}
