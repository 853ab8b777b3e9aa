/** @jest-environment ./jsdom-with-node.js */
const sdk = require('@oakford/aisp');
const { runSuite } = require('./suite.cjs');

test('jsdom with what it lacks: the SDK works as in a page', async () => {
  expect(document.body).toBeDefined();
  await runSuite(sdk, process.env.RUN);
}, 60_000);
