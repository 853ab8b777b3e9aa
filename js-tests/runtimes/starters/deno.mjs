// Deno, which gives a script its arguments without any permission.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

await runSuite(sdk, Deno.args[0]);
