// A service worker, which a browser keeps alive as long as it is being installed.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

self.addEventListener('install', (event) => {
  event.waitUntil(runSuite(sdk, new URLSearchParams(location.search).get('run')));
});
