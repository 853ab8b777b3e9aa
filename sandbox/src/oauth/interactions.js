// Leads the customer from page to page, and gives the provider the login and the consent at the end.
import Router from '@koa/router';
import { readForm } from '../body.js';
import { asset } from '../pages/assets.js';
import { noticePage } from '../pages/connect-pages.js';
import { formTarget, STYLESHEET_PATH, sendPage, THEME_PATH } from '../pages/layout.js';
import { connectSteps } from './connect-steps.js';
import { ANYTHING, granted, wishOf } from './rich-requests.js';

/** How customers count as authenticated: with a one-time code, and by the password alone. */
export const STRONG = 'urn:openbanking:psd2:sca';
export const PLAIN = 'urn:openbanking:psd2:ca';

/** @typedef {import('koa').Context} Context */
/** @typedef {import('oidc-provider').default} Provider */
/** @typedef {InstanceType<Provider['Interaction']>} Interaction */
/** @typedef {import('./connect-steps.js').Progress} Progress */
/** @typedef {import('./connect-steps.js').Page} Page */

/**
 * @param {Provider} provider
 * @param {import('./connect-steps.js').Bureau & { scenarios: { oneTimeCode: boolean } }} bureau
 */
export function connectRoutes(provider, bureau) {
  const steps = connectSteps(bureau);
  const router = new Router();
  router.get(THEME_PATH, asset('theme.css'));
  router.get(STYLESHEET_PATH, asset('connect.css'));
  router.get('/connect/:uid', (ctx) => seeOther(ctx, pathOf(ctx.params.uid, 'bank')));

  router.get('/connect/:uid/:step', async (ctx, next) => {
    const step = steps.get(ctx.params.step ?? '');
    if (!step) return next();
    const visit = await open(ctx, provider, bureau.scenarios);
    if (!visit) return sendClosed(ctx);
    if (!step.ready(visit.view)) return seeOther(ctx, pathOf(ctx.params.uid, 'bank'));
    show(ctx, visit, step.show(visit.view));
  });

  router.post('/connect/:uid/:step', async (ctx, next) => {
    const step = steps.get(ctx.params.step ?? '');
    if (!step) return next();
    const visit = await open(ctx, provider, bureau.scenarios);
    if (!visit) return sendClosed(ctx);
    const form = await readForm(ctx.req);
    if (form.get('decision') === 'deny') {
      return finish(ctx, provider, {
        error: 'access_denied',
        error_description: 'the customer did not consent',
      });
    }
    if (!step.ready(visit.view)) return seeOther(ctx, pathOf(ctx.params.uid, 'bank'));
    const outcome = step.take(visit.view, form);
    if ('again' in outcome) return show(ctx, visit, outcome.again);
    if ('approved' in outcome) return approve(ctx, provider, visit, bureau);
    await keep(visit.interaction, outcome.progress);
    seeOther(ctx, pathOf(ctx.params.uid, outcome.go));
  });
  return router.routes();
}

/** @typedef {{ interaction: Interaction, view: import('./connect-steps.js').View }} Visit */

/**
 * @param {Context} ctx
 * @param {Provider} provider
 * @param {{ oneTimeCode: boolean }} scenarios
 * @returns {Promise<Visit | undefined>} the connection under way, if the browser's cookie and the path agree on it
 */
async function open(ctx, provider, { oneTimeCode }) {
  const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined);
  if (!interaction || interaction.uid !== ctx.params.uid) return undefined;
  const { client_id, login_hint, scope, acr_values, claims, authorization_details } = interaction.params;
  const client = await provider.Client.find(String(client_id));
  return {
    interaction,
    view: {
      progress: /** @type {Progress} */ (interaction.lastSubmission ?? {}),
      client: client?.clientName ?? String(client_id),
      loginHint: typeof login_hint === 'string' ? login_hint : undefined,
      codeNeeded: oneTimeCode || requestedAcr(acr_values, claims).includes(STRONG),
      wish: wishOf(authorization_details) ?? ANYTHING,
      lasting: String(scope).split(' ').includes('offline_access'),
    },
  };
}

/**
 * @param {Interaction} interaction
 * @param {Progress} progress
 */
async function keep(interaction, progress) {
  interaction.lastSubmission = /** @type {import('oidc-provider').InteractionResults} */ (progress);
  await interaction.persist();
}

/**
 * @param {Context} ctx
 * @param {Provider} provider
 * @param {Visit} visit
 * @param {import('./connect-steps.js').Bureau} bureau
 */
async function approve(ctx, provider, { interaction, view }, { consents, data }) {
  const { client_id, scope, claims, resource, authorization_details } = interaction.params;
  const { username = '', strong = false, accounts: accountIds = [] } = view.progress;
  const clientId = String(client_id);
  const expiresAt = consents.nextExpiry(view.wish.until);
  const grant = new provider.Grant({ accountId: username, clientId });
  grant.addOIDCScope(String(scope));
  grant.addOIDCClaims(requestedClaims(claims));
  for (const each of [resource ?? []].flat()) grant.addResourceScope(String(each), String(scope));
  if (authorization_details !== undefined) {
    const accounts = accountIds.flatMap((id) => data.account(id) ?? []);
    grant.addRar(granted(String(resource), view.wish, accounts, consents.shownExpiry(expiresAt)));
  }
  const id = await grant.save();
  consents.add({ id, clientId, userId: username, accountIds, actions: view.wish.actions, expiresAt });
  const means = strong ? { amr: ['pwd', 'otp', 'mfa'], acr: STRONG } : { amr: ['pwd'], acr: PLAIN };
  const login = { accountId: username, remember: false, ...means };
  await finish(ctx, provider, { login, consent: { grantId: id } });
}

/**
 * @param {Context} ctx
 * @param {Provider} provider
 * @param {import('oidc-provider').InteractionResults} result
 */
async function finish(ctx, provider, result) {
  // The last submission is the customer's progress, which is no part of the result.
  seeOther(
    ctx,
    await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }),
  );
}

/**
 * @param {unknown} values `acr_values` of the request
 * @param {unknown} claims its `claims`, as JSON
 * @returns {string[]}
 */
function requestedAcr(values, claims) {
  const { acr } = (typeof claims === 'string' && JSON.parse(claims).id_token) || {};
  return [...(typeof values === 'string' ? values.split(' ') : []), acr?.value, ...(acr?.values ?? [])];
}

/** @param {unknown} parameter the `claims` of the request, as JSON @returns {string[]} */
function requestedClaims(parameter) {
  if (typeof parameter !== 'string') return [];
  const { userinfo = {}, id_token = {} } = JSON.parse(parameter);
  return Object.keys({ ...userinfo, ...id_token });
}

/**
 * @param {Context} ctx
 * @param {Visit} visit
 * @param {Page} page
 */
function show(ctx, { interaction }, page) {
  sendPage(ctx, { ...page, formTargets: formTarget(interaction.params.redirect_uri) });
}

/** @param {Context} ctx */
function sendClosed(ctx) {
  const title = 'This connection is no longer open';
  const text = 'It may have expired, or been finished already. Go back to the app and start again.';
  ctx.status = 400;
  sendPage(ctx, { title, content: noticePage({ title, text }) });
}

/** @param {string | undefined} uid @param {string} step */
function pathOf(uid, step) {
  return `/connect/${uid}/${step}`;
}

/** @param {Context} ctx @param {string} url */
function seeOther(ctx, url) {
  ctx.status = 303;
  ctx.redirect(url);
}
