import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

runSuite(sdk, new URLSearchParams(location.search).get('run'));
