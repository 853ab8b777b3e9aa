/** The arguments of the command line. */

/// <reference types="node" />
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** At most 24 lines of 80 columns: one screen. */
export const HELP = `Usage: npx @oakford/aisp COMMAND [options]

  login                    opens the bank's login in a browser, keeps the tokens
  accounts                 lists the accounts
  balances [ACCOUNT]       lists the balances of one account, or of all
  transactions [ACCOUNT]   lists transactions: --from DATE, --to DATE
  sync [ACCOUNT]           lists what changed since the last sync
  logout                   revokes the consent, deletes the tokens

The server, one of:
  --local                  a sandbox on this machine: --as anna logs her in,
                           --port N for another port than 8787
  --environment NAME       Oakford's sandbox or production
  --base-url URL           another server
The client: --client-id ID, --client-secret-file FILE, --cert FILE --key FILE
The output: --table (default), --csv, --json (one object a line)

  --session NAME           the customer, if there are several
  --store DIRECTORY        holds tokens and checkpoints; default ~/.oakford-aisp
  --redirect-port N        for a server that does not accept every port
  --no-browser             prints the URL of the login only
  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 log in, 4 try later
`;

/** A mistake in the arguments. */
export class UsageError extends Error {}

const COMMANDS = ['login', 'accounts', 'balances', 'transactions', 'sync', 'logout'] as const;
const WITH_ACCOUNT: readonly string[] = ['balances', 'transactions', 'sync'];
const FORMATS = ['table', 'csv', 'json'] as const;
const SERVERS = ['local', 'environment', 'base-url'] as const;
const DEFAULT_PORT = 8787;

/** How rows are printed. */
export type Format = (typeof FORMATS)[number];

/** What the arguments ask for. */
export interface Arguments {
  command: (typeof COMMANDS)[number];
  /** The account to read; undefined for all. */
  account: string | undefined;
  from: string | undefined;
  to: string | undefined;
  format: Format;
  server: Server;
  clientId: string | undefined;
  secretFile: string | undefined;
  /** The files of the certificate for mutual TLS. */
  certificate: { cert: string; key: string } | undefined;
  session: string;
  store: string;
  redirectPort: number;
  browser: boolean;
}

/** Which server is read. */
export type Server =
  | { local: true; port: number; customer: string | undefined }
  | { local: false; environment: 'sandbox' | 'production' | { baseUrl: string } };

/** Returns what the arguments ask for. Throws a `UsageError` or an error of `parseArgs`. */
export function parse(args: string[]): Arguments | 'help' | 'version' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      local: { type: 'boolean' },
      as: { type: 'string' },
      port: { type: 'string' },
      environment: { type: 'string' },
      'base-url': { type: 'string' },
      'client-id': { type: 'string' },
      'client-secret-file': { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      table: { type: 'boolean' },
      csv: { type: 'boolean' },
      json: { type: 'boolean' },
      session: { type: 'string' },
      store: { type: 'string' },
      'redirect-port': { type: 'string' },
      'no-browser': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [name, account, surplus] = positionals;
  const command = COMMANDS.find((known) => known === name);
  if (command === undefined) {
    const found = name === undefined ? 'nothing' : `'${name}'`;
    throw new UsageError(`expected a command (${COMMANDS.join(', ')}), got ${found}`);
  }
  const unexpected = WITH_ACCOUNT.includes(command) ? surplus : account;
  if (unexpected !== undefined) throw new UsageError(`${command}: '${unexpected}' is one argument too many`);
  if (command !== 'transactions' && (values.from ?? values.to) !== undefined)
    throw new UsageError(`--from and --to belong to transactions, not to ${command}`);
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new UsageError('--cert and --key need each other');
  const server = serverOf(values);
  if (!server.local && values['client-id'] === undefined)
    throw new UsageError('--client-id is missing: the client id that Oakford gave you');
  return {
    command,
    account,
    from: date('from', values.from),
    to: date('to', values.to),
    format: oneOf(FORMATS, values) ?? 'table',
    server,
    clientId: values['client-id'],
    secretFile: values['client-secret-file'],
    certificate: values.cert && values.key ? { cert: values.cert, key: values.key } : undefined,
    session: values.session ?? 'default',
    store: values.store ?? join(homedir(), '.oakford-aisp'),
    redirectPort: port('redirect-port', values['redirect-port']) ?? 0,
    browser: !values['no-browser'],
  };
}

function serverOf(
  values: Partial<Record<'as' | 'port' | (typeof SERVERS)[number], string | boolean>>,
): Server {
  const given = oneOf(SERVERS, values);
  if (given !== 'local' && (values.as ?? values.port) !== undefined)
    throw new UsageError('--as and --port belong to --local');
  if (given === 'local') {
    const customer = values.as as string | undefined;
    return { local: true, port: port('port', values.port as string) ?? DEFAULT_PORT, customer };
  }
  if (given === 'base-url') return { local: false, environment: { baseUrl: values['base-url'] as string } };
  const { environment } = values;
  if (environment === 'sandbox' || environment === 'production') return { local: false, environment };
  throw new UsageError(
    given === undefined
      ? 'the server is missing: --local, --environment sandbox, --environment production or --base-url URL'
      : `--environment must be sandbox or production, got '${environment}'`,
  );
}

/** Returns which of the options is given. */
function oneOf<Name extends string>(
  names: readonly Name[],
  values: Partial<Record<Name, unknown>>,
): Name | undefined {
  const given = names.filter((name) => values[name] !== undefined);
  if (given.length > 1)
    throw new UsageError(`${given.map((name) => `--${name}`).join(' and ')} exclude each other`);
  return given[0];
}

function date(name: string, text: string | undefined): string | undefined {
  if (text === undefined || /^\d{4}-\d\d-\d\d$/.test(text)) return text;
  throw new UsageError(`--${name} must be a date such as 2026-10-01, got '${text}'`);
}

function port(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65_535)
    throw new UsageError(`--${name} must be an integer from 1 to 65535, got '${text}'`);
  return number;
}
