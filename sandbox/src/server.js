// Starts a sandbox: makes its parts and puts them behind one HTTP server on the loopback address.
import { createServer } from 'node:http';
import { API_PATH } from './api/routes.js';
import { createApp } from './app.js';
import { Clock } from './clock.js';
import { ACCOUNTS } from './data/accounts.js';
import { BankData } from './data/bank-data.js';
import { DEMO_BANK_ID } from './data/banks.js';
import { FaultScript } from './faults.js';
import { createGate } from './gate.js';
import { clientMetadata, demoClients } from './oauth/clients.js';
import { ConsentRegister } from './oauth/consents.js';
import { signingKeys } from './oauth/keys.js';
import { createProvider } from './oauth/provider.js';
import { PUBLISHED_LIMITS, RateLimiter } from './rate-limit.js';
import { RequestLog } from './request-log.js';

/** @typedef {import('../types/testing.d.ts').SandboxOptions} SandboxOptions */
/** @typedef {import('../types/testing.d.ts').Sandbox} Sandbox */
/** @typedef {import('node:http').Server} Server */

const HOST = '127.0.0.1';
const DAY = 86_400;

/**
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const clock = new Clock(options.now);
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const close = () => stop(server);
  try {
    const parts = await createParts(options, clock, `http://${HOST}:${port}`);
    const entries = new WeakMap();
    const answer = createApp(parts, entries).callback();
    server.on('request', createGate({ ...parts, entries }, answer));
    const { info, faults, requests, consents } = parts;
    return {
      origin: info.issuer,
      ...info,
      port,
      clock,
      faults,
      requests,
      consents,
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
 * @param {string} origin
 */
async function createParts(options, clock, origin) {
  const keys = await signingKeys();
  const clients = demoClients(keys.fapiClient);
  const data = new BankData(clock, options.seed ?? 'oakford');
  const provider = await createProvider({
    issuer: origin,
    clock,
    clients: clientMetadata(clients, options.clients ?? []),
    jwks: keys.provider,
    customers: data.customers,
    ttl: {
      accessToken: options.accessTokenTtl ?? 3600,
      refreshToken: options.refreshTokenTtl ?? 30 * DAY,
      authorizationCode: options.authorizationCodeTtl ?? 60,
    },
  });
  const windows = options.rateLimit === false ? [] : (options.rateLimit ?? PUBLISHED_LIMITS);
  return {
    clock,
    data,
    provider,
    consents: new ConsentRegister(clock, options.consentDays ?? 90),
    faults: new FaultScript(),
    requests: new RequestLog(),
    limiter: windows.length === 0 ? undefined : new RateLimiter(clock, windows),
    info: { issuer: origin, baseUrl: `${origin}${API_PATH}`, clients, ...whoIsWho(data) },
  };
}

/** @param {BankData} data */
function whoIsWho(data) {
  const users = data.customers.map(({ username, password, name }) => {
    const own = ACCOUNTS.filter(({ owner }) => owner === username);
    const bankIds = [DEMO_BANK_ID, ...new Set(own.map(({ bankId }) => bankId))];
    return { username, password, name, accountIds: own.map(({ id }) => id), bankIds };
  });
  return { users, banks: data.banks.map(({ id, name, country }) => ({ id, name, country })) };
}

/**
 * @param {Server} server
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(server, port) {
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
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
