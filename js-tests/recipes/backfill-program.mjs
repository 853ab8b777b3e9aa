/** The recipe of a backfill as a program, for a terminal: the arguments are a base URL, a store, a file, and the days. */
import { createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { backfill } from '../../examples/recipes/backfill.mjs';
import { progressBar } from '../../examples/recipes/progress-bar.mjs';

const [baseUrl, directory, file, dateFrom, dateTo] = process.argv.slice(2);
const bar = progressBar();
const client = await createClient({
  environment: { baseUrl },
  clientId: 'oakford-demo-web',
  redirectUri: 'http://127.0.0.1:9/callback',
  tokenStore: fileStore({ directory }),
  rateLimit: { per10Seconds: 3 },
  onEvent: bar.onEvent,
});
const session = await client.session();
const keys = new Set();
const save = async (rows) => {
  for (const { key } of rows) keys.add(key);
};
await backfill(session, 'acc_james_current', { dateFrom, dateTo, file, save, show: bar.show });
bar.end();
process.stdout.write(`${keys.size} rows\n`);
