// The four endpoints of the account-information API.
import Router from '@koa/router';
import { authenticate, authorize, demand } from './access.js';
import { readCursor, writeCursor } from './cursor.js';
import { DpopNonces } from './dpop.js';
import { ApiProblem, accountNotFound, errorBody } from './errors.js';
import { API_PATH } from './path.cjs';
import { dateRange, limitOf, oneOf, single } from './query.js';

/**
 * @typedef {object} ApiParts
 * @property {import('oidc-provider').default} provider
 * @property {import('../clock.js').Clock} clock
 * @property {import('../data/bank-data.js').BankData} data
 * @property {import('../oauth/consents.js').ConsentRegister} consents
 * @property {import('../rate-limit.js').RateLimiter} limiter
 * @property {(ctx: import('koa').Context, clientId: string) => void} onClient told whose call it is
 */

/** @typedef {import('koa').Context & { params: Record<string, string>, state: { consent: import('../oauth/consents.js').ConsentRecord } }} ApiContext */

/** @param {ApiParts} parts */
export function apiRoutes(parts) {
  const { clock, consents, data } = parts;
  const router = new Router({ prefix: API_PATH });

  /** @param {ApiContext} ctx */
  const accountOf = ({ params, state }) => {
    const id = params.id ?? '';
    const account = state.consent.accountIds.includes(id) && data.account(id);
    if (!account) throw accountNotFound();
    return account;
  };

  /**
   * @param {ApiContext} ctx
   * @param {import('../data/accounts.js').Account} account
   * @param {boolean} withBalances
   */
  const describe = ({ state }, account, withBalances) => ({
    ...data.describe(account),
    consent_expires_at: consents.shownExpiry(state.consent.expiresAt),
    ...(withBalances ? { balances: data.balances(account) } : {}),
  });

  router.get('/accounts', (context) => {
    const ctx = /** @type {ApiContext} */ (context);
    const limit = limitOf(ctx);
    const withBalances = wantsBalances(ctx);
    const bound = ['accounts', ctx.state.consent.id, withBalances, limit];
    const after = readCursor(single(ctx, 'cursor'), bound);
    const accounts = ctx.state.consent.accountIds.flatMap((id) => data.account(id) ?? []);
    const start = after === undefined ? 0 : accounts.findIndex(({ id }) => id === after) + 1;
    const page = accounts.slice(start, start + limit);
    const last = page.at(-1);
    const more = last !== undefined && start + limit < accounts.length;
    ctx.body = {
      accounts: page.map((account) => describe(ctx, account, withBalances)),
      next_cursor: more ? writeCursor(last.id, bound) : null,
    };
  });

  router.get('/accounts/:id', (context) => {
    const ctx = /** @type {ApiContext} */ (context);
    const account = accountOf(ctx);
    ctx.body = describe(ctx, account, wantsBalances(ctx));
  });

  router.get('/accounts/:id/balances', (context) => {
    const ctx = /** @type {ApiContext} */ (context);
    const account = accountOf(ctx);
    demand(ctx.state.consent, 'read_balances');
    ctx.body = { account_id: account.id, balances: data.balances(account) };
  });

  router.get('/accounts/:id/transactions', (context) => {
    const ctx = /** @type {ApiContext} */ (context);
    const account = accountOf(ctx);
    demand(ctx.state.consent, 'read_transactions');
    const limit = limitOf(ctx);
    const status = oneOf(ctx, 'status', ['all', 'booked', 'pending']);
    const { from, to } = dateRange(ctx);
    const bound = [account.id, ctx.state.consent.id, status, from, to, limit];
    const after = readCursor(single(ctx, 'cursor'), bound);
    const { rows, more } = data.transactions(account, { status, from, to, after, limit });
    const last = rows.at(-1);
    ctx.body = {
      account_id: account.id,
      transactions: rows.map((row) => row.wire()),
      next_cursor: more && last ? writeCursor(last.key, bound) : null,
    };
  });

  return [problems(clock), guard(parts), unknownPath, router.routes(), router.allowedMethods(METHODS)];
}

/** @param {ApiContext} ctx */
function wantsBalances(ctx) {
  const wanted = oneOf(ctx, 'with_balances', ['false', 'true']) === 'true';
  if (wanted) demand(ctx.state.consent, 'read_balances');
  return wanted;
}

const METHODS = {
  throw: true,
  methodNotAllowed: () =>
    new ApiProblem(405, 'method_not_allowed', 'This API is read by GET only', { Allow: 'GET, HEAD' }),
  notImplemented: () =>
    new ApiProblem(405, 'method_not_allowed', 'This API is read by GET only', { Allow: 'GET, HEAD' }),
};

/** @type {import('koa').Middleware} */
async function unknownPath(ctx, next) {
  await next();
  if (ctx.status === 404 && !ctx.body) throw new ApiProblem(404, 'not_found', 'There is no such endpoint');
}

/**
 * Turns problems into answers.
 * @param {import('../clock.js').Clock} clock
 * @returns {import('koa').Middleware}
 */
function problems(clock) {
  return async (ctx, next) => {
    try {
      await next();
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      ctx.status = problem.status;
      ctx.set(problem.headers);
      ctx.body = errorBody(problem.code, problem.message, clock.now(), ctx.response.get('X-Request-ID'));
    }
  };
}

/**
 * Token, then rate limit, then consent: a call over the limit is told so whatever it asks for.
 * @param {ApiParts} parts
 * @returns {import('koa').Middleware}
 */
function guard({ provider, consents, limiter, onClient }) {
  const nonces = new DpopNonces();
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    const access = await authenticate(ctx, provider, nonces, consents);
    onClient(ctx, access.clientId);
    count(ctx, limiter, access.clientId);
    ctx.state.consent = authorize(access, consents);
    await next();
  };
}

/**
 * @param {import('koa').Context} ctx
 * @param {import('../rate-limit.js').RateLimiter} limiter
 * @param {string} clientId
 */
function count(ctx, limiter, clientId) {
  const decision = limiter.take(clientId);
  if (!decision) return;
  const { allowed, limit, remaining, resetSeconds, retryAfterSeconds } = decision;
  ctx.set({
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
    'RateLimit-Policy': limiter.policy,
  });
  if (allowed) return;
  throw new ApiProblem(429, 'rate_limit_exceeded', `Too many requests: try again in ${retryAfterSeconds} s`, {
    'Retry-After': String(retryAfterSeconds),
  });
}
