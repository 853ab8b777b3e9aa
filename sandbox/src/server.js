// Puts the parts together behind one HTTP server on the loopback address.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Koa from 'koa';
import compose from 'koa-compose';
import { errorBody } from './api/errors.js';
import { API_PATH, apiRoutes } from './api/routes.js';
import { Clock } from './clock.js';
import { controlRoutes } from './control.js';
import { cors } from './cors.js';
import { ACCOUNTS } from './data/accounts.js';
import { BankData } from './data/bank-data.js';
import { DEMO_BANK_ID } from './data/banks.js';
import { applyFault, FaultScript } from './faults.js';
import { clientMetadata, demoClients } from './oauth/clients.js';
import { ConsentRegister } from './oauth/consents.js';
import { connectRoutes } from './oauth/interactions.js';
import { signingKeys } from './oauth/keys.js';
import { isLoopbackHost } from './oauth/loopback.js';
import { createProvider } from './oauth/provider.js';
import { PUBLISHED_LIMITS, RateLimiter } from './rate-limit.js';
import { RequestLog, redactedForm } from './request-log.js';

/** @typedef {import('../types/testing.d.ts').SandboxOptions} SandboxOptions */
/** @typedef {import('../types/testing.d.ts').Sandbox} Sandbox */
/** @typedef {import('./request-log.js').Entry} Entry */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

const HOST = '127.0.0.1';
const DAY = 86_400;

/**
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const clock = new Clock(options.now);
  const keys = await signingKeys();
  const clients = demoClients(keys.fapiClient);
  const data = new BankData(clock, options.seed ?? 'oakford');
  const consents = new ConsentRegister(clock, options.consentDays ?? 90);
  const faults = new FaultScript();
  const requests = new RequestLog();

  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const origin = `http://${HOST}:${port}`;

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
  const windows = options.rateLimit ?? PUBLISHED_LIMITS;
  const limiter = windows === false ? undefined : new RateLimiter(clock, windows);

  /** @type {WeakMap<Request, Entry>} */
  const entries = new WeakMap();
  const noteClient = (/** @type {Koa.Context} */ ctx, /** @type {string} */ clientId) => {
    const entry = entries.get(ctx.req);
    if (entry) entry.clientId = clientId;
  };
  noteOAuthCalls(provider, entries);

  const app = new Koa();
  app.silent = true;
  app.use(serverErrors(clock));
  app.use(controlRoutes({ faults, clock, requests, consents }));
  app.use(under(API_PATH, apiRoutes({ provider, clock, data, consents, limiter, onClient: noteClient })));
  app.use(connectRoutes(provider, data, consents, clock));
  const oauth = provider.callback();
  app.use(async (ctx) => {
    ctx.respond = false;
    await oauth(ctx.req, ctx.res);
  });
  const answer = app.callback();

  server.on('request', async (request, response) => {
    const entry = requests.begin(request);
    entries.set(request, entry);
    response.once('close', () => {
      if (response.headersSent) entry.status = response.statusCode;
      entry.durationMs = Date.now() - entry.at;
      requests.end(entry);
    });
    entry.requestId = nameRequest(request, response);
    if (cors(request, response)) return;
    if (!isForUs(request)) return refuseHost(response);
    // The controls never fail on purpose, or a fault for every path could not be lifted.
    const fault = entry.path.startsWith('/_sandbox') ? undefined : faults.take(entry.method, entry.path);
    if (!fault) return answer(request, response);
    entry.fault = fault.fault;
    await applyFault(fault, request, response, () => answer(request, response));
  });

  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    const ended = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await ended;
  };

  return {
    origin,
    issuer: origin,
    baseUrl: `${origin}${API_PATH}`,
    port,
    clients,
    users: data.customers.map(({ username, password, name }) => {
      const own = ACCOUNTS.filter(({ owner }) => owner === username);
      return {
        username,
        password,
        name,
        accountIds: own.map(({ id }) => id),
        bankIds: [DEMO_BANK_ID, ...new Set(own.map(({ bankId }) => bankId))],
      };
    }),
    banks: data.banks.map(({ id, name, country }) => ({ id, name, country })),
    clock,
    faults,
    requests,
    consents,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * @param {import('node:http').Server} server
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

/**
 * @param {string} prefix
 * @param {Koa.Middleware<any, any>[]} middlewares
 * @returns {Koa.Middleware}
 */
function under(prefix, middlewares) {
  const run = compose(middlewares);
  return (ctx, next) => (ctx.path === prefix || ctx.path.startsWith(`${prefix}/`) ? run(ctx) : next());
}

/**
 * A defect of the sandbox is an answer by the contract too, and is told to whoever runs it.
 * @param {Clock} clock
 * @returns {Koa.Middleware}
 */
function serverErrors(clock) {
  return async (ctx, next) => {
    try {
      await next();
    } catch (defect) {
      console.error(defect);
      ctx.status = 500;
      ctx.body = errorBody(
        'server_error',
        'The sandbox itself failed',
        clock.now(),
        ctx.response.get('X-Request-ID'),
      );
    }
  };
}

/**
 * @param {Request} request
 * @param {Response} response
 */
function nameRequest(request, response) {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : randomUUID();
  response.setHeader('X-Request-ID', id);
  return id;
}

/** A page elsewhere could name this machine by a host name of its own (DNS rebinding). @param {Request} request */
function isForUs({ headers }) {
  const url = `http://${headers.host}`;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

/** @param {Response} response */
function refuseHost(response) {
  response.statusCode = 421;
  response.end('This sandbox answers to loopback addresses only\n');
}

/**
 * @param {import('oidc-provider').default} provider
 * @param {WeakMap<Request, Entry>} entries
 */
function noteOAuthCalls(provider, entries) {
  provider.use(async (ctx, next) => {
    try {
      await next();
    } finally {
      const entry = entries.get(ctx.req);
      if (entry && ctx.oidc?.body) entry.form = redactedForm(Object.entries(ctx.oidc.body));
      if (entry && ctx.oidc?.client) entry.clientId = ctx.oidc.client.clientId;
    }
  });
}
