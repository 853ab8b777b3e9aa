// What the tests of the demo page share: a sandbox, the page served for it, a browser, and the customer's clicks.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '@oakford/aisp-sandbox/testing';
import { serveDemo } from '../../scripts/serve.mjs';
import { launchChromium } from './chromium.mjs';

const screenshots = fileURLToPath(new URL('../screenshots', import.meta.url));

/** Starts everything; `close` ends it. */
export async function startDemo() {
  const sandbox = await startSandbox({ rateLimit: false });
  const site = await serveDemo(sandbox);
  const browser = await launchChromium().catch(async (error) => {
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
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const complaints = [];
  const requests = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('request', (request) => requests.push(request));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(address);
  return new Customer(page, complaints, requests);
}

/** Clicks as a person does. */
class Customer {
  constructor(page, complaints, requests) {
    Object.assign(this, { page, complaints, requests });
  }

  button = (name) => this.page.getByRole('button', { name, exact: true });
  heading = (name) => this.page.getByRole('heading', { name });

  /** From the start page to the bank's last page. */
  async goToConsent({ user, accounts }) {
    const { page } = this;
    await this.button('Connect your bank').click();
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

  async connect(choices) {
    await this.goToConsent(choices);
    await this.button('Approve').click();
    await this.heading('Your accounts').waitFor();
    await this.page.getByText(/All .* transactions|The latest .* transactions|in all/).waitFor();
  }

  /** The accounts in the list, as the customer reads them. */
  cards = () => this.page.getByRole('navigation', { name: 'Accounts' }).getByRole('button');

  /** The rows of the chosen account: `{ heading, name, amount }`. */
  rows() {
    return this.page.getByRole('region', { name: 'Account', exact: true }).evaluate((region) =>
      [...region.querySelectorAll('.day')].flatMap((day) =>
        [...day.querySelectorAll('li')].map((row) => ({
          heading: day.querySelector('h4').textContent,
          name: row.querySelector('.name').textContent,
          amount: row.querySelector('.amount').textContent,
        })),
      ),
    );
  }

  async screenshot(name, options) {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), ...options });
  }

  close = () => this.page.context().close();
}
