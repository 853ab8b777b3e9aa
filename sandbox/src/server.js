// Starts a sandbox: makes its parts and puts them behind one HTTP server.
import { createServer } from 'node:http';
import { addressFor } from './address.js';
import { API_PATH } from './api/path.cjs';
import { createApp, createControlApp } from './app.js';
import { Clock } from './clock.js';
import { BankData } from './data/bank-data.js';
import { DEMO_BANK_ID } from './data/banks.js';
import { CUSTOMERS } from './data/customers.js';
import { FaultScript } from './faults.js';
import { createGate } from './gate.js';
import { clientMetadata, demoClients } from './oauth/clients.js';
import { ConsentRegister } from './oauth/consents.js';
import { signingKeys } from './oauth/keys.js';
import { createProvider } from './oauth/provider.js';
import { refreshTokenMode, startTime } from './options.js';
import { PUBLISHED_LIMITS, RateLimiter } from './rate-limit.js';
import { RequestLog } from './request-log.js';
import { Scenarios } from './scenarios.js';

/** @typedef {import('../types/testing.d.ts').SandboxOptions} SandboxOptions */
/** @typedef {import('../types/testing.d.ts').Sandbox} Sandbox */
/** @typedef {import('node:http').Server} Server */

const DAY = 86_400;

/**
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const clock = new Clock(startTime(options.now));
  const { host = '127.0.0.1' } = options;
  const addressAt = addressFor(host, options.publicUrl);
  const server = createServer();
  const port = await listen(server, { host, port: options.port ?? 0 });
  const close = () => stop(server);
  try {
    const parts = await createParts(options, clock, addressAt(port));
    const entries = new WeakMap();
    const apps = { control: createControlApp(parts).callback(), rest: createApp(parts, entries).callback() };
    // Node takes no notice of a `Date` that a test has faked, by which tokens are dated here.
    server.on('request', (_request, response) => response.setHeader('Date', new Date().toUTCString()));
    server.on('request', createGate({ ...parts, entries }, apps));
    const { info, faults, requests, consents, scenarios } = parts;
    return {
      origin: info.issuer,
      issuer: info.issuer,
      baseUrl: info.baseUrl,
      clients: info.clients,
      get users() {
        return info.users;
      },
      get banks() {
        return info.banks;
      },
      port,
      clock,
      faults,
      requests,
      consents,
      scenarios,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {SandboxOptions} options
 * @param {Clock} clock
 * @param {import('./address.js').Address} address
 */
async function createParts(options, clock, address) {
  const { origin } = address;
  const keys = await signingKeys();
  const clients = demoClients(keys.fapiClient);
  const data = new BankData(clock, options.seed ?? 'oakford');
  const provider = await createProvider({
    issuer: origin,
    clock,
    clients: clientMetadata(clients, options.clients ?? []),
    jwks: keys.provider,
    customers: CUSTOMERS,
    ttl: {
      accessToken: options.accessTokenTtl ?? 3600,
      refreshToken: options.refreshTokenTtl ?? 30 * DAY,
      authorizationCode: options.authorizationCodeTtl ?? 60,
    },
    refreshTokens: refreshTokenMode(options.refreshTokens),
  });
  const stage = {
    clock,
    data,
    consents: new ConsentRegister(clock),
    faults: new FaultScript(),
    limiter: new RateLimiter(clock),
  };
  const scenarios = new Scenarios(stage, {
    consentDays: options.consentDays ?? 90,
    rateLimit: options.rateLimit ?? PUBLISHED_LIMITS,
  });
  scenarios.load(options.scenario ?? 'standard');
  const info = {
    issuer: origin,
    baseUrl: `${origin}${API_PATH}`,
    clients,
    get users() {
      return usersOf(data);
    },
    get banks() {
      return data.banks.map(({ id, name, country }) => ({ id, name, country }));
    },
  };
  provider.proxy = address.publicUrl !== undefined;
  return { ...stage, address, provider, scenarios, requests: new RequestLog(), info };
}

/** @param {BankData} data */
function usersOf(data) {
  return data.customers.map(({ username, password, name }) => {
    const own = data.accounts.filter(({ owner }) => owner === username);
    const bankIds = [DEMO_BANK_ID, ...new Set(own.map(({ bankId }) => bankId))];
    return { username, password, name, accountIds: own.map(({ id }) => id), bankIds };
  });
}

/**
 * @param {Server} server
 * @param {{ host: string, port: number }} where
 * @returns {Promise<number>}
 */
function listen(server, where) {
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : where.port);
    });
  });
}

/** @param {Server} server */
async function stop(server) {
  if (!server.listening) return;
  const ended = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await ended;
}
