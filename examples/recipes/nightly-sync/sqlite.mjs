// The copy in SQLite, by Node's own module (Node.js 22.13 or newer).
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS checkpoints (
    customer TEXT, account_id TEXT, checkpoint TEXT NOT NULL, PRIMARY KEY (customer, account_id)) STRICT;
  -- The amount is text: SQLite would make a double of it.
  CREATE TABLE IF NOT EXISTS transactions (
    customer TEXT, account_id TEXT, key TEXT, status TEXT NOT NULL, booking_date TEXT,
    amount TEXT NOT NULL, currency TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (customer, account_id, key)) STRICT, WITHOUT ROWID;`;

/** Opens the database at `path`, and makes its tables if they are missing. */
export function sqliteCopy(path) {
  const database = new DatabaseSync(path);
  database.exec(SCHEMA);
  const read = database.prepare('SELECT checkpoint FROM checkpoints WHERE customer = ? AND account_id = ?');
  const write = database.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)');
  const remove = database.prepare(
    'DELETE FROM transactions WHERE customer = ? AND account_id = ? AND key = ?',
  );
  const store = database.prepare('INSERT OR REPLACE INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const checkpoint = (customer, accountId) => read.get(customer, accountId)?.checkpoint;

  /** Rows and checkpoint change together or not at all. */
  function apply(customer, accountId, since, { added, updated, removed, checkpoint: next }) {
    database.exec('BEGIN IMMEDIATE');
    try {
      if (checkpoint(customer, accountId) !== since)
        throw new Error(`${accountId}: another sync was quicker`);
      for (const key of removed) remove.run(customer, accountId, key);
      for (const row of [...added, ...updated]) {
        const { amount, currency } = row.transactionAmount;
        const values = [row.key, row.status, row.bookingDate ?? null, amount, currency, JSON.stringify(row)];
        store.run(customer, accountId, ...values);
      }
      write.run(customer, accountId, next);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  return { checkpoint, apply, database, close: () => database.close() };
}
