/** The recipe of a nightly sync, into a real PostgreSQL. */
import { after, test } from 'node:test';
import { postgresCopy } from '../../examples/recipes/nightly-sync/postgres.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { checkNightlySync } from './nightly-sync.mjs';

// The pool ends before the server, since hooks run in order.
let copy;
after(() => copy.close());
copy = await postgresCopy(await startPostgres());

test('nightly sync: 1,000 customers into PostgreSQL, rows and checkpoint in one transaction', async () => {
  const query = async (...args) => (await copy.pool.query(...args)).rows;
  await checkNightlySync(copy, {
    inspect: (customer) =>
      query('SELECT key, amount::text, currency FROM transactions WHERE customer = $1', [customer]),
    count: async () => Number((await query('SELECT count(*) FROM transactions'))[0].count),
    async breakWrites() {
      await query('ALTER TABLE transactions ADD CONSTRAINT broken CHECK (key IS NULL) NOT VALID');
      return () => query('ALTER TABLE transactions DROP CONSTRAINT broken');
    },
  });
});
