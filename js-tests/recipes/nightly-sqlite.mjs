/** The recipe of a nightly sync, into SQLite: a program for a Node that has it. */
import { sqliteCopy } from '../../examples/recipes/nightly-sync/sqlite.mjs';
import { checkNightlySync } from './nightly-sync.mjs';

const copy = sqliteCopy(process.argv[2]);
const { database } = copy;
await checkNightlySync(copy, {
  inspect: (customer) =>
    database
      .prepare('SELECT key, amount, currency FROM transactions WHERE customer = ?')
      .all(customer)
      .map((row) => ({ ...row })),
  count: () => database.prepare('SELECT count(*) AS count FROM transactions').get().count,
  breakWrites() {
    const create =
      "CREATE TRIGGER broken BEFORE INSERT ON transactions BEGIN SELECT RAISE(ABORT, 'broken'); END";
    database.exec(create);
    return () => database.exec('DROP TRIGGER broken');
  },
});
copy.close();
