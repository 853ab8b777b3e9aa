// The copy in PostgreSQL, by the package pg.
import pg from 'pg';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    customer text, account_id text, checkpoint text NOT NULL, PRIMARY KEY (customer, account_id));
  CREATE TABLE IF NOT EXISTS transactions (
    customer text, account_id text, key text, status text NOT NULL, booking_date date,
    amount numeric NOT NULL, currency text NOT NULL, content jsonb NOT NULL,
    PRIMARY KEY (customer, account_id, key));`;

const CHECKPOINT = 'SELECT checkpoint FROM checkpoints WHERE customer = $1 AND account_id = $2';

/** Two syncs of an account can't both move the checkpoint that they began with. */
const MOVE = `
  INSERT INTO checkpoints VALUES ($1, $2, $4)
  ON CONFLICT (customer, account_id) DO UPDATE SET checkpoint = $4 WHERE checkpoints.checkpoint = $3`;

const REMOVE = 'DELETE FROM transactions WHERE customer = $1 AND account_id = $2 AND key = ANY ($3)';

/** All rows in one statement: their content as JSON, of which the digits of the amount are text. */
const STORE = `
  INSERT INTO transactions
  SELECT $1, $2, row ->> 'key', row ->> 'status', (row ->> 'bookingDate')::date,
    (row #>> '{transactionAmount,amount}')::numeric, row #>> '{transactionAmount,currency}', row
  FROM jsonb_array_elements($3::jsonb) AS row
  ON CONFLICT (customer, account_id, key) DO UPDATE SET status = excluded.status,
    booking_date = excluded.booking_date, amount = excluded.amount, currency = excluded.currency,
    content = excluded.content`;

/** Connects to the database at `url`, and makes its tables if they are missing. */
export async function postgresCopy(url, { connections = 8 } = {}) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(SCHEMA);

  async function checkpoint(customer, accountId) {
    const { rows } = await pool.query(CHECKPOINT, [customer, accountId]);
    return rows[0]?.checkpoint;
  }

  /** Rows and checkpoint change together or not at all. */
  async function apply(customer, accountId, since, { added, updated, removed, checkpoint: next }) {
    const connection = await pool.connect();
    try {
      await connection.query('BEGIN');
      const moved = await connection.query(MOVE, [customer, accountId, since ?? null, next]);
      if (moved.rowCount === 0) throw new Error(`${accountId}: another sync was quicker`);
      await connection.query(REMOVE, [customer, accountId, removed]);
      await connection.query(STORE, [customer, accountId, JSON.stringify([...added, ...updated])]);
      await connection.query('COMMIT');
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    } finally {
      connection.release();
    }
  }

  return { checkpoint, apply, pool, close: () => pool.end() };
}
