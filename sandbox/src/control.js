// The sandbox's controls over HTTP, under `/_sandbox`: what it knows, scenario, faults, clock, consents, requests seen.
import Router from '@koa/router';
import { readBody } from './body.js';
import { instant } from './clock.js';
import { streamEvents } from './control-stream.js';
import { ONE_TIME_CODE } from './oauth/connect-steps.js';
import { asset } from './pages/assets.js';
import { sendControlPage } from './pages/control-page.js';

/**
 * @typedef {object} ControlParts
 * @property {import('./faults.js').FaultScript} faults
 * @property {import('./clock.js').Clock} clock
 * @property {import('./request-log.js').RequestLog} requests
 * @property {import('./oauth/consents.js').ConsentRegister} consents
 * @property {import('./scenarios.js').Scenarios} scenarios
 * @property {import('./rate-limit.js').RateLimiter} limiter
 * @property {Pick<import('../types/testing.d.ts').Sandbox, 'issuer' | 'baseUrl' | 'clients' | 'users' | 'banks'>} info
 */

/** @param {ControlParts} parts */
export function controlRoutes({ faults, clock, requests, consents, scenarios, limiter, info }) {
  const router = new Router({ prefix: '/_sandbox' });
  let revision = 0;
  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (problem) {
      if (!(problem instanceof TypeError || problem instanceof RangeError || problem instanceof SyntaxError))
        throw problem;
      ctx.status = 400;
      ctx.body = { error: 'invalid_request', error_description: problem.message };
    }
    // The page compares it with a state's, and so knows whether the state has the command's effect.
    if (ctx.method !== 'GET') ctx.set('Sandbox-Revision', String(++revision));
  });

  const showFaults = () => ({ faults: faults.list() });
  const showClock = () => ({ now: instant(clock.now()), offset_ms: clock.offset });
  const showConsents = () => ({ consents: consents.list() });

  router.get('/', (ctx) => sendControlPage(ctx, { info, code: ONE_TIME_CODE }));
  router.get('/assets/theme.css', asset('theme.css'));
  for (const name of [
    'control.css',
    'main.js',
    'commands.js',
    'dom.js',
    'panels.js',
    'faults.js',
    'requests.js',
  ])
    router.get(`/assets/${name}`, asset(`control/${name}`));
  router.get('/events', (ctx) =>
    streamEvents(ctx, {
      requests,
      state: () => ({
        revision,
        offsetMs: clock.offset,
        scenario: scenarios.current,
        scenarios: scenarios.list(),
        ...showFaults(),
        ...showConsents(),
        limits: limiter.state(),
        users: info.users,
        requestsFrom: requests.firstId,
      }),
    }),
  );

  router.get('/info', (ctx) => {
    ctx.body = info;
  });

  router.get('/faults', (ctx) => {
    ctx.body = showFaults();
  });
  router.post('/faults', async (ctx) => {
    const asked = await json(ctx);
    const specs = Array.isArray(asked) ? asked : [asked];
    const added = specs.map((spec) => faults.add(spec));
    ctx.status = 201;
    ctx.body = { faults: added };
  });
  router.delete('/faults', (ctx) => {
    faults.clear();
    ctx.body = showFaults();
  });
  router.delete('/faults/:id', (ctx) => {
    if (!faults.remove(ctx.params.id ?? '')) throw new RangeError(`no fault ${ctx.params.id}`);
    ctx.body = showFaults();
  });

  router.get('/clock', (ctx) => {
    ctx.body = showClock();
  });
  router.post('/clock', async (ctx) => {
    const { set, advance_seconds: seconds, reset } = await json(ctx);
    if (reset === true) clock.reset();
    if (set !== undefined) clock.set(set);
    if (seconds !== undefined) clock.advance(seconds * 1000);
    ctx.body = showClock();
  });

  router.get('/consents', (ctx) => {
    ctx.body = showConsents();
  });
  router.post('/consents', async (ctx) => {
    const { id, expires_at: expiresAt, revoke } = await json(ctx);
    if (expiresAt !== undefined) consents.setExpiry(expiresAt, id);
    if (revoke === true) consents.revoke(id);
    ctx.body = showConsents();
  });

  router.get('/scenario', (ctx) => {
    ctx.body = { current: scenarios.current, scenarios: scenarios.list() };
  });
  router.post('/scenario', async (ctx) => {
    const { name, scenario } = await json(ctx);
    // A file's path is for who starts the sandbox, not for pages.
    if (name !== undefined && !scenarios.list().some((known) => known.name === name))
      throw new RangeError(`no scenario "${name}"`);
    ctx.body = { current: scenarios.load(name ?? scenario), scenarios: scenarios.list() };
  });

  router.get('/requests', (ctx) => {
    ctx.body = { requests };
  });
  router.delete('/requests', (ctx) => {
    requests.clear();
    ctx.body = { requests };
  });
  return router.routes();
}

/** @param {import('koa').Context} ctx @returns {Promise<any>} */
async function json(ctx) {
  // A JSON type can't be sent across origins without a preflight, so a stray web page can't steer the sandbox.
  if (!ctx.is('application/json')) throw new TypeError('send JSON with Content-Type: application/json');
  return JSON.parse(await readBody(ctx.req));
}
