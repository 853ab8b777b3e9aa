// WebKit, the engine of Safari, as WebKitGTK's MiniBrowser: a page, a web worker, a service worker.
import { openWebkit, webkit } from '../browser/webkit.mjs';
import { testPages } from './pages.mjs';

const found = webkit();

await testPages('WebKit', { absent: found.absent, open: (url) => openWebkit(found, url) });
