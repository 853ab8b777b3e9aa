// What the tests of the demo page share: a sandbox, the page served for it, a browser, and the customer's clicks.

import { serveDemo } from '../../scripts/serve.mjs';
import { startSandbox } from '../support/sandbox.mjs';
import { launchChromium } from './chromium.mjs';

/** Starts everything, Chromium with `flags`; `close` ends it. */
export async function startDemo({ flags = [] } = {}) {
  const sandbox = await startSandbox({ rateLimit: false });
  const site = await serveDemo(sandbox);
  const browser = await launchChromium(flags).catch(async (error) => {
    await Promise.all([site.close(), sandbox.close()]);
    throw error;
  });
  return {
    sandbox,
    address: site.address,
    browser,
    visit: (options) => visit({ browser, address: site.address }, options),
    close: () => Promise.all([browser.close(), site.close(), sandbox.close()]),
  };
}

/** A customer with a browser of their own, at the start page; what the browser complains of is collected. */
async function visit({ browser, address }, options) {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  const complaints = [];
  const requests = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('request', (request) => requests.push(request));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(address);
  await page.locator('#connect:enabled').waitFor();
  return new Customer(page, complaints, requests);
}

/** The customers of the tests, and what they share. */
export const anna = { user: 'anna', accounts: ['Girokonto Plus', 'Tagesgeld', 'Konto osobiste'] };
export const james = { user: 'james', accounts: ['Classic Account', 'Travel Credit Card', 'Mortgage'] };

/** Clicks as a person does. */
class Customer {
  constructor(page, complaints, requests) {
    Object.assign(this, { page, complaints, requests });
  }

  button = (name) => this.page.getByRole('button', { name, exact: true });
  heading = (name) => this.page.getByRole('heading', { name });

  /** From the bank's first page to its last. */
  async goThroughBank({ user, accounts }) {
    const { page } = this;
    await this.heading('Choose your bank').waitFor();
    await this.button('Continue').click();
    await page.getByLabel('User name').fill(user);
    await page.getByLabel('Password').fill(`sandbox-${user}`);
    await this.button('Log in').click();
    await this.heading('Choose accounts').waitFor();
    for (const name of accounts) await page.getByLabel(name).check();
    await this.button('Continue').click();
    await this.heading('Confirm access').waitFor();
  }

  async goToConsent(choices) {
    await this.button('Connect your bank').click();
    await this.goThroughBank(choices);
  }

  /** Connects the first bank, and waits until the first account is read. */
  async connect(choices) {
    await this.goToConsent(choices);
    await this.approve();
  }

  async approve() {
    await this.button('Approve').click();
    await this.heading('Your accounts').waitFor();
    await this.complete();
  }

  /** Waits until all transactions of the account are read. */
  complete = () => this.status(/^(All .* transactions|One transaction in all)$/);

  /** Waits until it is said of the transactions. */
  status = (text) => this.page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 30_000 });

  /** The accounts in the list, as the customer reads them. */
  cards = () => this.page.getByRole('navigation', { name: 'Accounts' }).locator('.card');

  choose = async (name) => {
    await this.cards().filter({ hasText: name }).click();
    await this.heading(name).waitFor();
  };

  /** The rows of the list that are in the page: `{ position, day, name, amount, status }`. */
  rows() {
    return this.page.locator('.list').evaluate((list) =>
      [...list.querySelectorAll('li')].map((row) => ({
        position: Number(row.ariaPosInSet),
        day: row.querySelector('time').dateTime,
        name: row.querySelector('.name').textContent,
        amount: row.querySelector('.amount').textContent,
        status: row.querySelector('.status').textContent,
      })),
    );
  }

  /** All rows, gathered while the list is scrolled from its start to its end; also how many were in the page at most. */
  async scrollThrough() {
    return this.page.locator('.list').evaluate(async (list) => {
      const amounts = [];
      let most = 0;
      for (list.scrollTop = 0; ; list.scrollTop += list.clientHeight) {
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const rows = [...list.querySelectorAll('li')];
        most = Math.max(most, rows.length);
        for (const row of rows) amounts[row.ariaPosInSet - 1] = row.querySelector('.amount').textContent;
        if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) return { amounts, most };
      }
    });
  }

  /** What the call log says, line by line. */
  log = () => this.page.getByRole('log').getByRole('listitem').allInnerTexts();

  close = () => this.page.context().close();
}

/** The number in a formatted amount: `-€1,234.50` is `-1234.50`. */
export function digits(text) {
  return text.replace(/[^\d.-]/g, '');
}

/** No complaint of the browser, and no request beyond the page's and the sandbox's origins. */
export function complaintsOf({ complaints, requests }, { address, sandbox }) {
  const ours = [new URL(address).origin, sandbox.origin];
  const strangers = requests
    .map((request) => new URL(request.url()))
    .filter(({ protocol, origin }) => protocol.startsWith('http') && !ours.includes(origin));
  return [...complaints, ...strangers.map(({ href }) => `asked ${href}`)];
}
