import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

self.onmessage = ({ data }) => runSuite(sdk, data);
