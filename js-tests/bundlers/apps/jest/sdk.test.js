const sdk = require('@oakford/aisp');
const { runSuite } = require('./suite.cjs');

test('the SDK works', async () => {
  await runSuite(sdk, process.env.RUN);
}, 60_000);
