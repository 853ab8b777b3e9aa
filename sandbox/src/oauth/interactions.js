// Leads the customer from page to page, and gives the provider the login and the consent at the end.
import Router from '@koa/router';
import { readForm } from '../body.js';
import { DEMO_BANK_ID } from '../data/banks.js';
import { accountsPage, bankPage, consentPage, loginPage, noticePage } from '../pages/connect-pages.js';
import { formTarget, STYLESHEET_PATH, sendPage } from '../pages/layout.js';
import { STYLESHEET } from '../pages/style.js';

/** @typedef {import('koa').Context} Context */
/** @typedef {import('oidc-provider').default} Provider */
/** @typedef {InstanceType<Provider['Interaction']>} Interaction */
/** @typedef {{ bank?: string, username?: string, accounts?: string[] }} Progress what the customer has chosen so far */
/** @typedef {{ ctx: Context, interaction: Interaction, progress: Progress, client: string }} Step */

/**
 * @param {Provider} provider
 * @param {import('../data/bank-data.js').BankData} data
 * @param {import('./consents.js').ConsentRegister} consents
 * @param {import('../clock.js').Clock} clock
 */
export function connectRoutes(provider, data, consents, clock) {
  const router = new Router();
  router.get(STYLESHEET_PATH, (ctx) => {
    ctx.type = 'css';
    ctx.set('Cache-Control', 'max-age=3600');
    ctx.body = STYLESHEET;
  });

  /** @type {Record<string, { needs: (progress: Progress) => boolean, show: (step: Step, error?: string, typed?: string) => void, take: (step: Step, form: URLSearchParams) => Promise<void> | void }>} */
  const steps = {
    bank: {
      needs: () => true,
      show: (step, error) =>
        show(step, 'Choose your bank', bankPage({ client: step.client, banks: data.banks, error })),
      async take(step, form) {
        const bank = data.bank(form.get('bank'));
        if (!bank) return steps.bank?.show(step, 'Choose one of the banks.');
        await goOn(step, 'login', { bank: bank.id });
      },
    },
    login: {
      needs: ({ bank }) => bank !== undefined,
      show(step, error, typed) {
        const bank = data.bankOf(step.progress.bank);
        const customers = data.customersOf(bank.id);
        const username = typed ?? String(step.interaction.params.login_hint ?? '');
        show(step, `Log in to ${bank.name}`, loginPage({ bank, customers, username, error }));
      },
      async take(step, form) {
        const bank = data.bankOf(step.progress.bank);
        const username = form.get('username')?.trim() ?? '';
        const known = data.customersOf(bank.id).find((customer) => customer.username === username);
        if (!known || known.password !== form.get('password')) {
          const error = 'User name and password don’t fit together at this bank.';
          return steps.login?.show(step, error, username);
        }
        await goOn(step, 'accounts', { ...step.progress, username });
      },
    },
    accounts: {
      needs: ({ username }) => username !== undefined,
      show(step, error) {
        const customer = data.customer(step.progress.username);
        const accounts = offered(step.progress);
        const chosen =
          accounts.length === 1 ? accounts.map(({ account_id }) => account_id) : step.progress.accounts;
        show(
          step,
          'Choose accounts',
          accountsPage({ customer, client: step.client, accounts, chosen, error }),
        );
      },
      async take(step, form) {
        const ids = new Set(form.getAll('account'));
        const accounts = offered(step.progress)
          .map(({ account_id }) => account_id)
          .filter((id) => ids.has(id));
        if (accounts.length === 0) return steps.accounts?.show(step, 'Tick at least one account.');
        await goOn(step, 'consent', { ...step.progress, accounts });
      },
    },
    consent: {
      needs: ({ accounts }) => accounts !== undefined,
      show(step) {
        const view = {
          client: step.client,
          bank: data.bankOf(step.progress.bank),
          accounts: offered(step.progress).filter(({ account_id }) =>
            step.progress.accounts?.includes(account_id),
          ),
          from: new Date(clock.now()),
          until: new Date(consents.nextExpiry()),
          lasting: String(step.interaction.params.scope).split(' ').includes('offline_access'),
        };
        show(step, 'Confirm access', consentPage(view));
      },
      take: (step) => approve(step),
    },
  };

  /** @param {Progress} progress */
  const offered = ({ bank = DEMO_BANK_ID, username }) =>
    data.accountsOf(data.customer(username), bank).map((account) => data.choice(account));

  /**
   * @param {Step} step
   * @param {string} title
   * @param {import('../pages/html.js').Html} content
   */
  const show = ({ ctx, interaction, progress }, title, content) => {
    const bank = data.bank(progress.bank)?.name;
    sendPage(ctx, { title, content, bank, formTargets: formTarget(interaction.params.redirect_uri) });
  };

  /**
   * @param {Step} step
   * @param {string} next
   * @param {Progress} progress
   */
  const goOn = async ({ ctx, interaction }, next, progress) => {
    interaction.lastSubmission = /** @type {any} */ (progress);
    await interaction.persist();
    seeOther(ctx, `/connect/${interaction.uid}/${next}`);
  };

  /** @param {Step} step */
  const approve = async ({ ctx, interaction, progress }) => {
    const clientId = String(interaction.params.client_id);
    const username = /** @type {string} */ (progress.username);
    const grant = new provider.Grant({ accountId: username, clientId });
    grant.addOIDCScope(String(interaction.params.scope));
    grant.addOIDCClaims(requestedClaims(interaction.params.claims));
    const id = await grant.save();
    consents.add({ id, clientId, userId: username, accountIds: progress.accounts ?? [] });
    await finish(ctx, {
      login: { accountId: username, remember: false, amr: ['pwd'] },
      consent: { grantId: id },
    });
  };

  /** @param {Context} ctx @param {import('oidc-provider').InteractionResults} result */
  const finish = async (ctx, result) => {
    const options = { mergeWithLastSubmission: false };
    seeOther(ctx, await provider.interactionResult(ctx.req, ctx.res, result, options));
  };

  /** @param {Context} ctx @returns {Promise<Step | undefined>} */
  const load = async (ctx) => {
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res);
      if (interaction.uid !== ctx.params.uid) throw new Error('another connection is under way');
      const client = await provider.Client.find(String(interaction.params.client_id));
      return {
        ctx,
        interaction,
        progress: /** @type {Progress} */ (interaction.lastSubmission ?? {}),
        client: client?.clientName ?? String(interaction.params.client_id),
      };
    } catch {
      ctx.status = 400;
      const text = 'It may have expired, or been finished already. Go back to the app and start again.';
      const title = 'This connection is no longer open';
      sendPage(ctx, { title, content: noticePage({ title, text }) });
      return undefined;
    }
  };

  router.get('/connect/:uid', (ctx) => seeOther(ctx, `/connect/${ctx.params.uid}/bank`));
  router.get('/connect/:uid/:step', async (ctx) => {
    const page = steps[ctx.params.step ?? ''];
    if (!page) return;
    const step = await load(ctx);
    if (!step) return;
    if (page.needs(step.progress)) return page.show(step);
    seeOther(ctx, `/connect/${step.interaction.uid}/bank`);
  });
  router.post('/connect/:uid/:step', async (ctx) => {
    const page = steps[ctx.params.step ?? ''];
    if (!page) return;
    const step = await load(ctx);
    if (!step) return;
    const form = await readForm(ctx.req);
    if (form.get('decision') === 'deny') {
      return finish(ctx, { error: 'access_denied', error_description: 'the customer did not consent' });
    }
    if (page.needs(step.progress)) return page.take(step, form);
    seeOther(ctx, `/connect/${step.interaction.uid}/bank`);
  });
  return router.routes();
}

/** @param {unknown} parameter the `claims` of the request, as JSON @returns {string[]} */
function requestedClaims(parameter) {
  if (typeof parameter !== 'string') return [];
  const { userinfo = {}, id_token = {} } = JSON.parse(parameter);
  return Object.keys({ ...userinfo, ...id_token });
}

/** @param {Context} ctx @param {string} url */
function seeOther(ctx, url) {
  ctx.status = 303;
  ctx.redirect(url);
}
