// Node and Bun, required.
const sdk = require('@oakford/aisp');

import('./suite.mjs').then(({ runSuite }) => runSuite(sdk, process.argv[2]));
