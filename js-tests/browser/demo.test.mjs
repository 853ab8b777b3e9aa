// The demo page in Chromium: connecting, renewing and ending connections, and what a customer sees where that goes wrong.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { connect, get } from '../sandbox/plain-client.js';
import { complaintsOf, digits, james, startDemo } from './demo-page.mjs';

describe('the demo page', () => {
  let demo;
  let customer;
  before(async () => {
    demo = await startDemo();
  });
  afterEach(async () => {
    demo.sandbox.faults.clear();
    await customer?.close();
    customer = undefined;
  });
  after(() => demo?.close());

  it('shows accounts with their balances after the customer consented', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'james' } });
    const { body: expected } = await get(demo.sandbox, '/accounts?with_balances=true', token);
    const cards = await customer.cards().allInnerTexts();
    assert.equal(cards.length, expected.accounts.length);
    for (const [index, account] of expected.accounts.entries()) {
      assert.ok(cards[index].includes(account.name), account.name);
      assert.ok(cards[index].includes(account.provider.display_name));
      const booked = account.balances.find(({ balance_type }) => balance_type === 'interim_booked');
      assert.equal(digits(cards[index].split('\n').at(-1)), booked.balance_amount.amount);
    }
    const tiles = await customer.page.getByRole('definition').filter({ hasText: '£' }).allInnerTexts();
    assert.deepEqual(
      tiles.map(digits),
      expected.accounts[0].balances.map(({ balance_amount }) => balance_amount.amount),
    );
    assertIntact();
  });

  it('keeps the decimals of each currency, and writes names of any script', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'noor', accounts: ['حساب', '旅行用'] });
    const cards = await customer.cards().allInnerTexts();
    assert.match(cards[0], /BHD\s?12,480\.375/);
    assert.match(cards[1], /¥184,350/);
    await customer.cards().nth(1).click();
    await customer.page.locator('.balances').getByText('¥184,350').first().waitFor();
    assertIntact();
  });

  it('holds several connections side by side, with exact sums, across a reload', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'anna', accounts: ['Girokonto Plus', 'Tagesgeld'] });
    await customer.button('Connect another bank').click();
    await customer.goThroughBank(james);
    await customer.approve();
    const look = async () => ({
      names: await customer.page.locator('.connection h2').allInnerTexts(),
      cards: await customer.cards().count(),
      totals: (await customer.page.locator('.totals .amount').allInnerTexts()).map(digits),
    });
    const seen = await look();
    assert.deepEqual(seen.names, ['Anna Żółkiewska', 'James O’Connor']);
    assert.equal(seen.cards, 5);
    const amounts = (await customer.page.locator('.card .amount').allInnerTexts()).map(digits);
    const cents = (list) => list.reduce((sum, amount) => sum + BigInt(amount.replace('.', '')), 0n);
    assert.deepEqual(
      seen.totals.map((amount) => cents([amount])),
      [cents(amounts.slice(0, 2)), cents(amounts.slice(2))],
    );
    // The connection that was just made is the one that is shown.
    await customer.heading('Classic Account').waitFor();
    await customer.page.reload();
    await customer.complete();
    assert.deepEqual(await look(), seen);
    assertIntact();
  });

  it('renews the access of a connection under its key', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    const key = () => customer.page.evaluate(() => localStorage.getItem('oakford.connections'));
    const before = await key();
    demo.sandbox.consents.revoke();
    await customer.choose('Mortgage');
    await customer.heading('Your consent was withdrawn').waitFor();
    await customer.page.getByRole('alert').getByRole('button', { name: 'Renew access' }).click();
    await customer.goThroughBank(james);
    await customer.approve();
    assert.equal(await key(), before);
    assert.equal(await customer.cards().count(), 3);
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });

  it('leads back to the bank where the consent has ended before the page is opened', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    demo.sandbox.consents.revoke();
    await customer.page.reload();
    await customer.heading('Your consent was withdrawn').waitFor();
    await customer.page.getByRole('alert').getByRole('button', { name: 'Renew access' }).click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('disconnect: the grant is revoked and the page shows its start', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'anna', accounts: ['Tagesgeld'] });
    demo.sandbox.requests.clear();
    await customer.button('Disconnect').click();
    await customer.button('Connect your bank').waitFor();
    assert.ok(demo.sandbox.requests.count({ path: '/oauth/revoke', status: 200 }) > 0);
    await customer.page.reload();
    await customer.button('Connect your bank').waitFor();
    assert.equal(await customer.page.getByText('Tagesgeld').count(), 0);
    assertIntact();
  });

  it('shows in every tab what another one connects', async () => {
    customer = await demo.visit();
    const second = await customer.page.context().newPage();
    await second.goto(demo.address);
    await second.getByRole('button', { name: 'Connect your bank' }).waitFor();
    await customer.connect({ user: 'anna', accounts: ['Tagesgeld'] });
    await second.getByRole('heading', { name: 'Tagesgeld' }).waitFor();
    await customer.button('Disconnect').click();
    await second.getByRole('button', { name: 'Connect your bank' }).waitFor();
    assertIntact();
  });

  it('completes in another tab and says so, and the first tab shows the accounts when the customer goes back', async () => {
    customer = await demo.visit();
    const { page } = customer;
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    // The bank's app brings the customer back: the address opens in a second tab, and not in the first.
    await page.route(`${demo.address}**`, (route) => route.abort());
    const redirect = page.waitForRequest((request) => request.url().startsWith(demo.address));
    await customer.button('Approve').click();
    const url = (await redirect).url();
    const second = await page.context().newPage();
    let said = false;
    await second.route('**/oauth/token', async (route) => {
      await second.getByText('You began in another tab.').waitFor();
      said = true;
      await route.continue();
    });
    await second.goto(url);
    await second.getByRole('heading', { name: 'Tagesgeld' }).waitFor();
    assert.ok(said);
    await second
      .getByRole('status')
      .filter({ hasText: 'You can close the tab in which you began' })
      .waitFor();
    await page.unroute(`${demo.address}**`);
    await page.goto(demo.address);
    await customer.heading('Tagesgeld').waitFor();
    assert.equal(await page.getByText('You can close the tab').count(), 0);
  });

  it('clean-address-bar: takes the code out of the address bar before any other script is asked for', async () => {
    customer = await demo.visit();
    const { page } = customer;
    const addresses = [];
    await page.route(/\.js$/, async (route) => {
      const script = new URL(route.request().url()).pathname;
      addresses.push({ script, address: await page.evaluate(() => location.href) });
      await route.continue();
    });
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    addresses.length = 0;
    await customer.approve();
    await page.unrouteAll({ behavior: 'wait' });
    const first = ['/start.js', '/callback.js'];
    assert.ok(addresses.length > 10);
    assert.deepEqual(new Set(addresses.slice(0, 2).map(({ script }) => script)), new Set(first));
    for (const { script, address } of addresses) {
      if (!first.includes(script)) assert.equal(address, demo.address, script);
    }
    assert.equal(page.url(), demo.address);
    assert.equal(await page.evaluate(() => document.referrer), '');
    const carried = customer.requests.filter((request) =>
      /[?&](code|state)=/.test(request.headers().referer),
    );
    assert.deepEqual(carried, []);
    const codes = customer.requests.filter((request) => new URL(request.url()).searchParams.has('code'));
    assert.equal(codes.length, 1);
    assert.ok(codes[0].isNavigationRequest());
    // Nothing of it is left in the history, in the page or in what is stored beside the token store.
    const code = new URL(codes[0].url()).searchParams.get('code');
    const left = await page.evaluate(() => [
      document.documentElement.outerHTML,
      JSON.stringify({ ...sessionStorage, ...localStorage }),
      String(history.length),
    ]);
    assert.ok(!left.join('\n').includes(code));
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.equal(await pendingEntries(), 0);
    await page.goBack();
    await page.goForward();
    assert.equal(page.url(), demo.address);
  });

  it('says so when the customer denies, and lets them begin again', async () => {
    customer = await demo.visit();
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.button('Deny').click();
    await problem('You did not connect your bank', 'access_denied');
    await customer.button('Begin again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('keeps what is connected where the customer denies another connection', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    await customer.button('Connect another bank').click();
    await customer.goThroughBank({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.button('Deny').click();
    await problem('You did not connect your bank', 'access_denied');
    await customer.complete();
    assert.equal(await customer.cards().count(), 3);
  });

  it('says so when the authorization took too long, and lets the customer begin again', async () => {
    customer = await demo.visit();
    const callback = await approve(await begin(), { user: 'anna' });
    await customer.page.addInitScript(() => {
      const { now } = Date;
      Date.now = () => now() + 600_000;
    });
    demo.sandbox.requests.clear();
    await customer.page.goto(callback);
    await problem('This connection can’t be completed here', 'nothing_begun');
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    assert.equal(await pendingEntries(), 0);
    await customer.button('Begin again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('own-transaction: refuses a callback with another state, or without one', async () => {
    customer = await demo.visit();
    const callback = new URL(await approve(await begin(), { user: 'anna' }));
    demo.sandbox.requests.clear();
    for (const change of [
      (parameters) => parameters.set('state', 'forged'),
      (parameters) => parameters.delete('state'),
    ]) {
      const other = new URL(callback);
      change(other.searchParams);
      await customer.page.goto(other.href);
      await problem('This connection can’t be completed here', 'nothing_begun');
    }
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    await customer.page.goto(callback.href);
    await customer.complete();
  });

  for (const closed of [false, true]) {
    it(`completes in another tab when the first is ${closed ? 'closed' : 'still open'}`, async () => {
      customer = await demo.visit();
      const callback = await approve(await begin(), { user: 'anna' });
      const first = customer.page;
      customer.page = await first.context().newPage();
      if (closed) await first.close();
      await customer.page.goto(callback);
      await customer.complete();
      assert.equal(customer.page.url(), demo.address);
      assert.equal(await pendingEntries(), 0);
      // The same callback serves once.
      await customer.page.goto(callback);
      await problem('This connection can’t be completed here', 'nothing_begun');
      await customer.complete();
      assert.equal(await customer.cards().count(), 3);
      assertIntact();
    });
  }

  it('completes both of two connections that begin at the same time in two tabs', async () => {
    customer = await demo.visit();
    const forAnna = await begin();
    const second = await customer.page.context().newPage();
    await second.goto(demo.address);
    const [request] = await Promise.all([
      second.waitForRequest((asked) => new URL(asked.url()).pathname === '/oauth/authorize'),
      second.getByRole('button', { name: 'Connect your bank' }).click(),
    ]);
    await second.goto(await approve(forAnna, { user: 'anna' }));
    await customer.page.goto(await approve(request.url(), { user: 'james' }));
    const names = customer.page.locator('.connection h2');
    await names.nth(1).waitFor();
    assert.deepEqual(await names.allInnerTexts(), ['Anna Żółkiewska', 'James O’Connor']);
    assertIntact();
  });

  it('lets the customer begin again who comes back in another browser', async () => {
    customer = await demo.visit();
    const callback = await approve(await begin(), { user: 'anna' });
    await customer.close();
    customer = await demo.visit();
    demo.sandbox.requests.clear();
    await customer.page.goto(callback);
    await problem('This connection can’t be completed here', 'nothing_begun');
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    await customer.button('Begin again').click();
    await customer.goThroughBank({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.approve();
    assert.equal(await customer.cards().count(), 1);
  });

  it('explains a code that the server no longer accepts', async () => {
    customer = await demo.visit();
    const callback = await approve(await begin(), { user: 'anna' });
    demo.sandbox.clock.advance(120_000);
    await customer.page.goto(callback);
    await problem('The connection was not accepted', 'invalid_grant');
    demo.sandbox.clock.reset();
  });

  it('says so when the service cannot be reached, and tries again', async () => {
    customer = await demo.visit();
    demo.sandbox.faults.add({ match: { path: '/.well-known/*' }, fault: 'reset_before', times: null });
    await customer.button('Connect your bank').click();
    await customer.heading('No answer came').waitFor();
    demo.sandbox.faults.clear();
    await customer.button('Try again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('is refused a client secret', async () => {
    customer = await demo.visit();
    const refused = await customer.page.evaluate(async () => {
      const { createClient } = await import('@oakford/aisp');
      const options = {
        environment: 'sandbox',
        clientId: 'app',
        redirectUri: 'https://app.example/',
        clientSecret: 'shh',
      };
      return createClient(options).then(
        () => null,
        ({ name, code, path, message, requestSent }) => ({ name, code, path, message, requestSent }),
      );
    });
    assert.equal(refused.name, 'ConfigurationError');
    assert.match(refused.message, /browser/);
    assert.doesNotMatch(refused.message, /shh/);
    assert.equal(refused.requestSent, 'no');
    assertIntact();
  });

  it('may not do more than its policy says', async () => {
    const response = await fetch(demo.address);
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval' 'sha256-[^']+'(;|$)/);
    assert.doesNotMatch(policy, /'unsafe-(inline|eval)'/);
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    for (const path of [
      '/..%2f..%2fpackage.json',
      '/pkg/../../package.json',
      '/%2e%2e/serve.mjs',
      '/nothing',
    ]) {
      assert.equal((await fetch(new URL(path, demo.address))).status, 404, path);
    }
    assert.equal((await fetch(demo.address, { method: 'POST' })).status, 405);
  });

  /** Begins as the page does; resolves to the address that it sends the customer to. */
  async function begin() {
    const [request] = await Promise.all([
      customer.page.waitForRequest((asked) => new URL(asked.url()).pathname === '/oauth/authorize'),
      customer.button('Connect your bank').click(),
    ]);
    await customer.heading('Choose your bank').waitFor();
    return request.url();
  }

  async function problem(title, code) {
    await customer.heading(title).waitFor();
    const text = await customer.page.getByRole('alert').textContent();
    assert.ok(text.includes(code), text);
    assert.equal(customer.page.url(), demo.address);
    assert.ok(await customer.button('Begin again').isVisible());
  }

  /** How many pending authorizations the page keeps. */
  function pendingEntries() {
    return customer.page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open('oakford-aisp-pending');
          opening.onsuccess = () => {
            const counting = opening.result.transaction('pending').objectStore('pending').count();
            counting.onsuccess = () => {
              opening.result.close();
              resolve(counting.result);
            };
          };
        }),
    );
  }

  function assertIntact() {
    assert.deepEqual(complaintsOf(customer, demo), []);
  }
});
