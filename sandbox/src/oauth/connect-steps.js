// The steps of a connection: what each page shows, and what it makes of the customer's answer.
import { accountsPage, bankPage, codePage, loginPage } from '../pages/connect-pages.js';
import { consentPage } from '../pages/consent-page.js';
import { wants } from './rich-requests.js';

/** The one-time code of every customer: there is no phone to send another to. */
export const ONE_TIME_CODE = '246810';

/** @typedef {{ bank?: string, username?: string, strong?: boolean, accounts?: string[] }} Progress what the customer has chosen so far */
/** @typedef {{ title: string, bank?: import('../data/banks.js').Bank, content: import('../pages/html.js').Html }} Page */
/** @typedef {{ go: string, progress: Progress } | { again: Page } | { approved: true }} Outcome */
/**
 * @typedef {object} View what a page is made from
 * @property {Progress} progress
 * @property {string} client the app's name
 * @property {string | undefined} loginHint
 * @property {import('./rich-requests.js').Wish} wish what the app asks for
 * @property {boolean} codeNeeded whether the bank asks for a one-time code
 * @property {boolean} lasting whether the app may come back while the customer is away
 */

/**
 * @typedef {object} Step
 * @property {(view: View) => boolean} ready whether the steps before have been taken
 * @property {(view: View) => Page} show
 * @property {(view: View, form: URLSearchParams) => Outcome} take
 */

/**
 * @typedef {object} Bureau what the steps need to know
 * @property {import('../data/bank-data.js').BankData} data
 * @property {import('./consents.js').ConsentRegister} consents
 */

/**
 * @param {Bureau} bureau
 * @returns {Map<string, Step>} by the last part of their path
 */
export function connectSteps(bureau) {
  return new Map([
    ['bank', bankStep(bureau)],
    ['login', loginStep(bureau)],
    ['code', codeStep(bureau)],
    ['accounts', accountsStep(bureau)],
    ['consent', consentStep(bureau)],
  ]);
}

/** @param {Bureau} bureau @returns {Step} */
function bankStep({ data }) {
  /** @type {(view: View, error?: string) => Page} */
  const page = ({ progress, ...view }, error) => ({
    title: titled('Choose your bank', error),
    content: bankPage({ ...view, banks: data.banks, chosen: progress.bank, error }),
  });
  return {
    ready: () => true,
    show: (view) => page(view),
    take(view, form) {
      const bank = data.banks.find(({ id }) => id === form.get('bank'));
      if (!bank) return { again: page(view, 'Choose one of the banks.') };
      return { go: 'login', progress: { bank: bank.id } };
    },
  };
}

/** @param {Bureau} bureau @returns {Step} */
function loginStep({ data }) {
  /** @type {(view: View, username: string, error?: string) => Page} */
  const page = ({ progress, ...view }, username, error) => {
    const bank = data.bankOf(progress.bank);
    const customers = data.customersOf(bank.id);
    return {
      title: titled('Log in', error),
      bank,
      content: loginPage({ ...view, bank, customers, username, error }),
    };
  };
  return {
    ready: ({ progress }) => progress.bank !== undefined,
    show: (view) => page(view, view.loginHint ?? ''),
    take(view, form) {
      const username = form.get('username')?.trim() ?? '';
      const { id } = data.bankOf(view.progress.bank);
      const customer = data.customersOf(id).find((known) => known.username === username);
      if (!customer || customer.password !== form.get('password')) {
        return { again: page(view, username, 'User name and password don’t fit together at this bank.') };
      }
      return { go: view.codeNeeded ? 'code' : 'accounts', progress: { bank: id, username } };
    },
  };
}

/** @param {Bureau} bureau @returns {Step} */
function codeStep({ data }) {
  /** @type {(view: View, error?: string) => Page} */
  const page = ({ progress, ...view }, error) => {
    const bank = data.bankOf(progress.bank);
    return {
      title: titled('Enter your code', error),
      bank,
      content: codePage({ ...view, bank, code: ONE_TIME_CODE, error }),
    };
  };
  return {
    ready: ({ progress }) => progress.username !== undefined,
    show: (view) => page(view),
    take(view, form) {
      const code = form.get('code')?.replace(/\s/g, '');
      if (code !== ONE_TIME_CODE) return { again: page(view, 'This is not the code that was sent to you.') };
      return { go: 'accounts', progress: { ...view.progress, strong: true } };
    },
  };
}

/** @param {Bureau} bureau @returns {Step} */
function accountsStep({ data }) {
  /** @type {(view: View, error?: string) => Page} */
  const page = ({ progress, ...view }, error) => {
    const bank = data.bankOf(progress.bank);
    const customer = data.customer(progress.username);
    const accounts = choices(data, progress, view.wish);
    // Nothing is left to be chosen where there is one, or where the app named them.
    const settled = accounts.length === 1 || view.wish.accounts !== undefined;
    const chosen = progress.accounts ?? (settled ? accounts.map(({ account_id }) => account_id) : undefined);
    return {
      title: titled('Choose accounts', error),
      bank,
      content: accountsPage({ ...view, bank, customer, accounts, chosen, error }),
    };
  };
  return {
    ready: ({ progress, codeNeeded }) => progress.username !== undefined && (progress.strong || !codeNeeded),
    show: (view) => page(view),
    take(view, form) {
      const ticked = new Set(form.getAll('account'));
      // Only what was offered: a forged form opens no other account.
      const offered = choices(data, view.progress, view.wish).map(({ account_id }) => account_id);
      const accounts = offered.filter((id) => ticked.has(id));
      if (accounts.length === 0) return { again: page(view, 'Tick at least one account.') };
      return { go: 'consent', progress: { ...view.progress, accounts } };
    },
  };
}

/** @param {Bureau} bureau @returns {Step} */
function consentStep({ data, consents }) {
  return {
    ready: ({ progress }) => progress.accounts !== undefined,
    show({ progress, ...view }) {
      const bank = data.bankOf(progress.bank);
      const accounts = choices(data, progress, view.wish).filter(({ account_id }) =>
        progress.accounts?.includes(account_id),
      );
      // In the machine's time, as the app is told.
      const from = new Date();
      const until = new Date(consents.shownExpiry(consents.nextExpiry(view.wish.until)));
      return {
        title: 'Confirm access',
        bank,
        content: consentPage({ ...view, bank, accounts, from, until }),
      };
    },
    take: () => ({ approved: true }),
  };
}

/** @param {string} title @param {string | undefined} error */
function titled(title, error) {
  return error ? `Error: ${title}` : title;
}

/**
 * @param {import('../data/bank-data.js').BankData} data
 * @param {Progress} progress
 * @param {import('./rich-requests.js').Wish} wish
 */
function choices(data, { bank, username }, wish) {
  return data
    .accountsOf(data.customer(username), data.bankOf(bank).id)
    .filter((account) => wants(wish, account))
    .map((account) => data.choice(account));
}
