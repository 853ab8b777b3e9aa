/** The example for Hono, run as a person would use it. */
import { join } from 'node:path';
import { startExample, walk } from './walk.mjs';

const cwd = join(import.meta.dirname, '..', '..', 'examples', 'hono');
await walk('Hono', (sandbox, appOrigin) => startExample(sandbox, { cwd, appOrigin }));
