// The sandbox as Koa applications: API, authorization pages and OpenID provider in one, the controls in another.
import Koa from 'koa';
import compose from 'koa-compose';
import { errorBody } from './api/errors.js';
import { API_PATH } from './api/path.cjs';
import { apiRoutes } from './api/routes.js';
import { controlRoutes } from './control.js';
import { refuseForeignPages } from './control-guard.js';
import { connectRoutes } from './oauth/interactions.js';
import { redactedForm } from './request-log.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('./request-log.js').Entry} Entry */
/** @typedef {import('./control.js').ControlParts & Omit<import('./api/routes.js').ApiParts, 'onClient'> & { address: import('./address.js').Address }} Parts */

/**
 * @param {Parts} parts
 * @param {WeakMap<Request, Entry>} entries the log entries of the requests under way
 */
export function createApp(parts, entries) {
  const { provider } = parts;
  const onClient = (/** @type {Koa.Context} */ ctx, /** @type {string} */ clientId) => {
    const entry = entries.get(ctx.req);
    if (entry) entry.clientId = clientId;
  };
  noteOAuthCalls(provider, entries);

  const app = appWith(parts);
  app.use(under(API_PATH, apiRoutes({ ...parts, onClient })));
  app.use(connectRoutes(provider, parts));
  const oauth = provider.callback();
  app.use(async (ctx) => {
    ctx.respond = false;
    await oauth(ctx.req, ctx.res);
  });
  return app;
}

/** @param {Parts} parts */
export function createControlApp(parts) {
  const app = appWith(parts);
  app.use(refuseForeignPages(parts.address.publicUrl));
  app.use(controlRoutes(parts));
  return app;
}

/** @param {Parts} parts */
function appWith({ clock, address }) {
  const app = new Koa({ proxy: address.publicUrl !== undefined });
  app.silent = true;
  app.use(serverErrors(clock));
  return app;
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
 * @param {import('./clock.js').Clock} clock
 * @returns {Koa.Middleware}
 */
function serverErrors(clock) {
  return async (ctx, next) => {
    try {
      await next();
    } catch (defect) {
      console.error(defect);
      ctx.status = 500;
      const requestId = ctx.response.get('X-Request-ID');
      ctx.body = errorBody('server_error', 'The sandbox itself failed', clock.now(), requestId);
    }
  };
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
