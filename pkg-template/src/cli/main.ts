#!/usr/bin/env node

/** The command `aisp`: connects a bank and reads accounts, balances and transactions from a terminal. No entry of the package loads it. */

import { VERSION } from '../generated/version.js';
/// <reference types="node" />
import { AbortError, AispError } from '../index.js';
import { HELP, parse, UsageError } from './arguments.js';
import { commands } from './commands.js';
import { Connection, needsLogin } from './connection.js';
import { PipeClosed, Terminal } from './terminal.js';

const FAILED = 1;
const USAGE = 2;
const LOGIN = 3;
const LATER = 4;
const INTERRUPTED = 130;

const terminal = new Terminal();
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort(new Error(signal)));

process.exitCode = await run(process.argv.slice(2)).then(
  () => 0,
  (error: unknown) => report(error),
);

async function run(argv: string[]): Promise<void> {
  const args = parse(argv);
  if (args === 'help') return terminal.print(HELP);
  if (args === 'version') return terminal.print(`${VERSION}\n`);
  const connection = await Connection.open(args, terminal, interrupt.signal);
  try {
    await commands[args.command]({ args, connection, terminal, signal: interrupt.signal });
  } finally {
    terminal.clear();
    await connection.close();
  }
}

/** Says what went wrong, in the words of the SDK; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof PipeClosed) return 0;
  if (interrupt.signal.aborted && (error instanceof AbortError || error === interrupt.signal.reason))
    return INTERRUPTED;
  terminal.note(`aisp: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError || isParseError(error)) {
    terminal.note('See npx @oakford/aisp --help.');
    return USAGE;
  }
  if (error instanceof AispError) describe(error);
  if (needsLogin(error)) {
    terminal.note('Log in with the same options: npx @oakford/aisp login');
    return LOGIN;
  }
  if (error instanceof AispError && error.code === 'invalid_option') return USAGE;
  return error instanceof AispError && error.retryable ? LATER : FAILED;
}

function describe({ code, help, requestId, retryAt }: AispError): void {
  terminal.note(`Code: ${code} (${help})`);
  if (requestId !== undefined) terminal.note(`Request ID: ${requestId}`);
  if (retryAt !== undefined) terminal.note(`Try again at ${retryAt}.`);
}

function isParseError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException)?.code).startsWith('ERR_PARSE_ARGS');
}
