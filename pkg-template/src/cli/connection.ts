/** The client of a command, and the session that it reads with. */

/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AispError,
  type AispEvent,
  type Client,
  type ClientOptions,
  createClient,
  type Environment,
  memoryStore,
  type PendingAuthorization,
  type Session,
  type TokenStore,
} from '../index.js';
import { fileStore, mtlsFetch } from '../node.js';
import { type Arguments, UsageError } from './arguments.js';
import { openBrowser } from './browser.js';
import { listenForCallback } from './callback.js';
import { approveAs, findSandbox, LOCAL_CLIENT_ID, type LocalSandbox, startSandbox } from './local.js';
import type { Terminal } from './terminal.js';

/** No session is stored: the customer has to log in. */
export class NotConnected extends Error {}

/** One server, as one client. */
export class Connection {
  readonly #args: Arguments;
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;
  readonly #environment: Environment;
  readonly #store: TokenStore;
  /** The sandbox of `--local`. */
  readonly sandbox: LocalSandbox | undefined;

  private constructor(
    args: Arguments,
    terminal: Terminal,
    signal: AbortSignal,
    environment: Environment,
    sandbox?: LocalSandbox,
  ) {
    this.#args = args;
    this.#terminal = terminal;
    this.#signal = signal;
    this.#environment = environment;
    this.sandbox = sandbox;
    // Tokens of a sandbox that ends with this command open nothing afterwards.
    this.#store = this.#forgets ? memoryStore() : fileStore({ directory: join(args.store, 'sessions') });
  }

  /** Finds the server of the arguments. */
  static async open(args: Arguments, terminal: Terminal, signal: AbortSignal): Promise<Connection> {
    const { server, command } = args;
    if (!server.local) return new Connection(args, terminal, signal, server.environment);
    const running = await findSandbox(server.port);
    if (running === null && command === 'logout')
      throw new NotConnected(`no sandbox runs on port ${server.port}, so that nobody is logged in there`);
    // `login` starts one that other commands find.
    const sandbox = running ?? (await startSandbox(command === 'login' ? server.port : 0));
    return new Connection(args, terminal, signal, { baseUrl: sandbox.baseUrl }, sandbox);
  }

  /** The name of the session in the store: sessions of several servers and customers do not meet. */
  get key(): string {
    const { session } = this.#args;
    const server = typeof this.#environment === 'string' ? this.#environment : this.#environment.baseUrl;
    return `${session}@${server}`;
  }

  /** The stored session. Where the sandbox is this command's own, the customer logs in first. */
  async session(): Promise<Session> {
    if (this.#forgets) return this.login();
    // A session that is stored needs no redirect URI.
    const client = await this.#client('http://127.0.0.1/callback');
    const session = await client.session(this.key);
    if (session === null) throw new NotConnected(`nobody is logged in as ${this.key}`);
    return session;
  }

  /** Sends the customer to the bank and waits for the callback. */
  async login(): Promise<Session> {
    const callback = await listenForCallback(this.#args.redirectPort);
    try {
      const client = await this.#client(callback.redirectUri);
      const { url, pending } = await client.beginAuthorization({ signal: this.#signal });
      const complete = (callbackUrl: string) =>
        client.completeAuthorization(callbackUrl, pending, { key: this.key, signal: this.#signal });
      const { server } = this.#args;
      if (server.local && server.customer !== undefined)
        return await complete(await approveAs(server.customer, url));
      const completed = callback.receive(pending.state, complete);
      // The customer may deny before the browser is known to have started; the race below rejects then.
      completed.catch(() => {});
      await this.#show(url);
      return await Promise.race([completed, this.#tooLate(pending)]);
    } finally {
      callback.close();
    }
  }

  /** Ends what the command started. */
  async close(): Promise<void> {
    await this.sandbox?.close();
  }

  get #forgets(): boolean {
    return this.sandbox?.own === true && this.#args.command !== 'login';
  }

  async #show(url: string): Promise<void> {
    const opened = this.#args.browser && (await openBrowser(url));
    const words = opened
      ? 'Your browser opens the login of the bank. If it does not, visit:'
      : 'To log in, visit:';
    this.#terminal.note(`${words}\n\n  ${url}\n`);
  }

  /** Rejects when `pending` ends, or when the person at the terminal does not want to wait. */
  #tooLate({ expiresAt }: PendingAuthorization): Promise<never> {
    return new Promise((_, reject) => {
      this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { once: true });
      const tooLate = () => reject(new NotConnected('the login took longer than ten minutes'));
      setTimeout(tooLate, Date.parse(expiresAt) - Date.now()).unref();
    });
  }

  #client(redirectUri: string): Promise<Client> {
    const { clientId = LOCAL_CLIENT_ID, secretFile, certificate } = this.#args;
    const clientSecret = secretFile && read('client-secret-file', secretFile).trim();
    const common = {
      environment: this.#environment,
      clientId,
      redirectUri,
      tokenStore: this.#store,
      onEvent: (event: AispEvent) => this.#onEvent(event),
    };
    if (certificate === undefined) return createClient({ ...common, ...(clientSecret && { clientSecret }) });
    const fetch = mtlsFetch({ cert: read('cert', certificate.cert), key: read('key', certificate.key) });
    const options: ClientOptions = clientSecret
      ? { ...common, fetch, clientSecret }
      : { ...common, fetch, profile: 'fapi2', clientAuth: { method: 'tls_client_auth' } };
    return createClient(options);
  }

  #onEvent(event: AispEvent): void {
    if (event.type === 'wait' && event.until !== undefined)
      this.#terminal.wait(`The rate limit is reached: waiting until ${time(event.until)}`);
    if (event.type === 'retry') this.#terminal.wait(`No answer: trying again in ${event.waitMs} ms`);
    if (event.type === 'consent')
      this.#terminal.note(`The consent ends in ${event.daysLeft} days: log in again before.`);
  }
}

/** Whether a login is what helps. */
export function needsLogin(error: unknown): boolean {
  return error instanceof NotConnected || (error instanceof AispError && error.reauthRequired);
}

const time = (instant: string) => new Date(instant).toTimeString().slice(0, 8);

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option}: ${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
