// A page and a web worker without a bundler or an import map.
import * as sdk from './node_modules/@oakford/aisp/standalone/index.js';
import { runSuite } from './suite.mjs';

runSuite(sdk, new URLSearchParams(location.search).get('run'));
