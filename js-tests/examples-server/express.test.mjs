/** The example for Express, run as a person would use it. */
import { join } from 'node:path';
import { startExample, walk } from './walk.mjs';

const cwd = join(import.meta.dirname, '..', '..', 'examples', 'express');
await walk('Express', (sandbox, appOrigin) => startExample(sandbox, { cwd, appOrigin }));
