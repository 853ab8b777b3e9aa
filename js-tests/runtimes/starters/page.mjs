// A page, a web worker and a service worker: each has the run's address in its own query.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

runSuite(sdk, new URLSearchParams(location.search).get('run'));
