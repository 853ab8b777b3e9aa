import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

runSuite(sdk, process.argv[2]);
