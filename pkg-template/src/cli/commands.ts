/** What each command does. */

import { type Account, AispError, type Session } from '../index.js';
import type { Arguments } from './arguments.js';
import { Checkpoints } from './checkpoints.js';
import {
  accountColumns,
  balanceColumns,
  type Change,
  changeColumns,
  type Of,
  transactionColumns,
} from './columns.js';
import type { Connection } from './connection.js';
import { printer } from './formats.js';
import type { Terminal } from './terminal.js';

/** What a command works with. */
export interface Work {
  args: Arguments;
  connection: Connection;
  terminal: Terminal;
  signal: AbortSignal;
}

/** The most rows that the API gives at once: fewer calls of the rate limit. */
const PAGE = 500;

/** More accounts than a customer has. */
const MANY = 1000;

/** The commands by their names. */
export const commands: Record<Arguments['command'], (work: Work) => Promise<void>> = {
  login,
  accounts,
  balances,
  transactions,
  sync,
  logout,
};

async function login({ args, connection, terminal, signal }: Work): Promise<void> {
  const session = await connection.login();
  terminal.note(`Logged in: ${await readable(session, signal)}.`);
  if (!connection.sandbox?.own || !args.server.local) return;
  const port = args.server.port === 8787 ? '' : ` --port ${args.server.port}`;
  terminal.note(
    `The sandbox runs until Ctrl+C. In another terminal: npx @oakford/aisp transactions --local${port}`,
  );
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Says which accounts can be read, and how long. The login is complete also if they can't be read now. */
async function readable(session: Session, signal: AbortSignal): Promise<string> {
  try {
    const accounts = await session.accounts({ signal }).all({ limit: MANY });
    const end = session.consent && ` until ${session.consent.expiresAt.slice(0, 10)}`;
    return `${accounts.length} accounts can be read${end ?? ''}`;
  } catch (error) {
    if (!(error instanceof AispError)) throw error;
    return `the accounts can't be read now (${error.code})`;
  }
}

async function accounts({ args, connection, terminal, signal }: Work): Promise<void> {
  const session = await connection.session();
  const { header, rows } = printer(args.format, accountColumns, (account: Account) => account, terminal);
  await terminal.print(header);
  for await (const { items } of session.accounts({ signal }).pages()) await terminal.print(rows(items));
}

async function balances({ args, connection, terminal, signal }: Work): Promise<void> {
  const session = await connection.session();
  const { header, rows } = printer(args.format, balanceColumns, flat, terminal);
  await terminal.print(header);
  await eachAccount(session, args, signal, async (accountId, done) => {
    terminal.progress(done, accountId);
    const { items } = await session.balances(accountId, { signal });
    await terminal.print(rows(items.map((row) => ({ accountId, row }))));
  });
}

async function transactions({ args, connection, terminal, signal }: Work): Promise<void> {
  const { from, to, format } = args;
  const session = await connection.session();
  const { header, rows } = printer(format, transactionColumns, flat, terminal);
  const query = { dateFrom: from, dateTo: to, limit: PAGE, signal };
  let count = 0;
  await terminal.print(header);
  await eachAccount(session, args, signal, async (accountId, done, share) => {
    const show = (part: number) => terminal.progress(done + part * share, `${count} rows  ${accountId}`);
    let newest: string | undefined;
    show(0);
    for await (const { items } of session.transactions(accountId, query).pages()) {
      count += items.length;
      newest ??= items.find(({ bookingDate }) => bookingDate)?.bookingDate;
      await terminal.print(rows(items.map((row) => ({ accountId, row }))));
      show(partOf(from, to ?? newest, items.at(-1)?.bookingDate));
    }
  });
}

/** The newest rows come first: the date of the last one says which part of the days is read. 0 where a date is unknown. */
function partOf(from = '', to = '', last = ''): number {
  const part = (Date.parse(to) - Date.parse(last)) / (Date.parse(to) - Date.parse(from));
  return Number.isFinite(part) ? part : 0;
}

async function sync({ args, connection, terminal, signal }: Work): Promise<void> {
  const session = await connection.session();
  const stored = new Checkpoints(args.store, connection.key);
  const checkpoints = await stored.read();
  const { header, rows } = printer(args.format, changeColumns, flatChange, terminal);
  await terminal.print(header);
  await eachAccount(session, args, signal, async (accountId, done) => {
    terminal.progress(done, accountId);
    const { added, updated, removed, replaced, checkpoint } = await session.sync(accountId, {
      checkpoint: checkpoints.get(accountId),
      signal,
    });
    const places = new Map(replaced.map(({ key, by }) => [key, by]));
    const changes: Change[] = [
      ...removed.map((key) => ({ accountId, change: 'removed' as const, key, replacedBy: places.get(key) })),
      ...added.map((row) => ({ accountId, change: 'added' as const, key: row.key, row })),
      ...updated.map((row) => ({ accountId, change: 'updated' as const, key: row.key, row })),
    ];
    await terminal.print(rows(changes));
    // Only now: rows that their reader did not get are printed again by the next sync.
    await terminal.flush();
    checkpoints.set(accountId, checkpoint);
    await stored.write(checkpoints);
  });
}

async function logout({ args, connection, terminal, signal }: Work): Promise<void> {
  const session = await connection.session();
  await session.revoke({ signal });
  await new Checkpoints(args.store, connection.key).remove();
  terminal.note('Logged out: the consent is revoked, and the tokens are deleted.');
}

/** Runs `work` for the account of the arguments, or for one after the other. `done` and `share` are parts of the whole. */
async function eachAccount(
  session: Session,
  { account }: Arguments,
  signal: AbortSignal,
  work: (accountId: string, done: number, share: number) => Promise<void>,
): Promise<void> {
  const ids = account === undefined ? [] : [account];
  if (account === undefined)
    for await (const { accountId } of session.accounts({ signal })) ids.push(accountId);
  for (const [index, accountId] of ids.entries()) await work(accountId, index / ids.length, 1 / ids.length);
}

const flat = ({ accountId, row }: Of<object>) => ({ accountId, ...row });
const flatChange = ({ row, ...change }: Change) => ({ ...change, ...row });
