// A page with an import map: the run's address is in its query.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

runSuite(sdk, new URLSearchParams(location.search).get('run'));
