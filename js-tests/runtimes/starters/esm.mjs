// Node and Bun, imported.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

await runSuite(sdk, process.argv[2]);
