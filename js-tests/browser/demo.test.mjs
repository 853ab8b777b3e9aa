// The demo page in Chromium: connecting, reading, and what a customer sees where that goes wrong.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { allTransactions, connect, get } from '../sandbox/plain-client.js';
import { startDemo } from './demo-page.mjs';

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

  const james = { user: 'james', accounts: ['Classic Account', 'Travel Credit Card', 'Mortgage'] };
  const everything = { user: 'anna', accounts: ['Girokonto Plus', 'Tagesgeld', 'Konto osobiste'] };

  it('shows accounts, balances and transactions after the customer consented', async () => {
    customer = await demo.visit();
    await customer.screenshot('start');
    await customer.connect(james);
    await customer.screenshot('connected', { fullPage: false });

    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'james' } });
    const { body: told } = await get(demo.sandbox, '/accounts?with_balances=true', token);
    const cards = await customer.cards().allInnerTexts();
    assert.equal(cards.length, told.accounts.length);
    for (const [index, account] of told.accounts.entries()) {
      assert.ok(cards[index].includes(account.name), account.name);
      assert.ok(cards[index].includes(account.provider.display_name));
      const booked = account.balances.find(({ balance_type }) => balance_type === 'interim_booked');
      assert.equal(digits(cards[index].split('\n').at(-1)), booked.balance_amount.amount);
    }

    for (const account of told.accounts) {
      await customer.page.getByRole('button', { name: account.name }).click();
      await customer.heading(account.name).waitFor();
      await customer.page
        .getByText('Available', { exact: true })
        .or(customer.page.getByText('At last close'))
        .first()
        .waitFor();
      const rows = await allTransactions(demo.sandbox, account.account_id, token);
      if (rows.length > 250) await customer.button('Load all').click();
      await customer.page.getByText(`All ${rows.length.toLocaleString('en-GB')} transactions`).waitFor();
      const seen = await customer.rows();
      assert.deepEqual(
        seen.map(({ amount }) => digits(amount)),
        rows.map(({ transaction_amount }) => transaction_amount.amount),
      );
      const first = rows.findIndex(({ status }) => status === 'booked');
      assert.equal(seen[first].heading, longDay(rows[first].booking_date));
    }
    assertIntact();
  });

  it('shows every balance of the chosen account', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'james' } });
    const { body } = await get(demo.sandbox, '/accounts/acc_james_current/balances', token);
    await customer.page.getByText('At last close').waitFor();
    const tiles = await customer.page.getByRole('definition').filter({ hasText: '£' }).allInnerTexts();
    assert.deepEqual(
      tiles.map(digits),
      body.balances.map(({ balance_amount }) => balance_amount.amount),
    );
  });

  it('keeps the decimals of each currency, and writes names of any script', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'noor', accounts: ['حساب', '旅行用'] });
    const cards = await customer.cards().allInnerTexts();
    assert.match(cards[0], /BHD\s?12,480\.375/);
    assert.match(cards[1], /¥184,350/);
    await customer.screenshot('currencies');
    await customer.cards().nth(1).click();
    await customer.page
      .getByText(/¥184,350/)
      .nth(1)
      .waitFor();
    assertIntact();
  });

  it('loads a long history page by page, and stops when told to', async () => {
    customer = await demo.visit();
    await customer.connect(everything);
    await customer.page.getByText('The latest 250 transactions').waitFor();
    await customer.button('Load more').click();
    await customer.page.getByText('The latest 500 transactions').waitFor();
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'latency',
      delayMs: 300,
      times: null,
    });
    await customer.button('Load all').click();
    await customer.page.getByText(/loading more/).waitFor();
    await customer.page.evaluate(() => scrollTo(0, 0));
    await customer.screenshot('loading');
    await customer.button('Stop').click();
    await customer.button('Load all').waitFor();
    demo.sandbox.faults.clear();
    await customer.button('Load all').click();
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'anna' } });
    const rows = await allTransactions(demo.sandbox, 'acc_anna_current', token);
    assert.ok(rows.length > 9000);
    await customer.page
      .getByText(`All ${rows.length.toLocaleString('en-GB')} transactions`)
      .waitFor({ timeout: 60_000 });
    const seen = await customer.rows();
    assert.deepEqual(
      seen.map(({ amount }) => digits(amount)),
      rows.map(({ transaction_amount }) => transaction_amount.amount),
    );
    assertIntact();
  });

  it('goes on where it broke off', async () => {
    customer = await demo.visit();
    await customer.connect(everything);
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'status',
      status: 503,
      body: { error: 'provider_unavailable', error_description: 'The bank is away.' },
      skip: 1,
      times: 4,
    });
    await customer.button('Load all').click();
    const alert = customer.page.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.textContent(), /provider_unavailable/);
    assert.match(await alert.textContent(), /Request id\S+/);
    await customer.screenshot('broken-off');
    demo.sandbox.faults.clear();
    await customer.button('Try again').click();
    await customer.page.getByText(/^All .* transactions$/).waitFor({ timeout: 60_000 });
    assert.equal(await alert.count(), 0);
    const { access_token: token } = await connect(demo.sandbox, { customer: { user: 'anna' } });
    const rows = await allTransactions(demo.sandbox, 'acc_anna_current', token);
    assert.equal((await customer.rows()).length, rows.length);
  });

  it('says that an account has no transactions', async () => {
    customer = await demo.visit();
    demo.sandbox.faults.add({
      match: { path: '*/transactions' },
      fault: 'status',
      status: 200,
      body: { account_id: 'acc_anna_savings', transactions: [], next_cursor: null },
      times: null,
    });
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.button('Approve').click();
    await customer.page.getByText('There are no transactions on this account yet.').waitFor();
    await customer.screenshot('empty');
    assertIntact();
  });

  it('leads back to the bank where the consent has ended', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    demo.sandbox.consents.revoke();
    await customer.page.getByRole('button', { name: 'Mortgage' }).click();
    await customer.heading('Your consent was withdrawn').waitFor();
    await customer.screenshot('consent-withdrawn');
    await customer.button('Connect again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('b13: takes the code out of the address bar, the history and what others are told', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'anna', accounts: ['Tagesgeld'] });
    assert.equal(customer.page.url(), demo.address);
    assert.equal(await customer.page.evaluate(() => document.referrer), '');
    const carried = customer.requests.filter((request) => request.headers().referer?.includes('code='));
    assert.deepEqual(carried, []);
    const codes = customer.requests.filter((request) => new URL(request.url()).searchParams.has('code'));
    assert.equal(codes.length, 1);
    assert.ok(codes[0].isNavigationRequest());
    assert.equal(await customer.page.evaluate(() => sessionStorage.length + localStorage.length), 0);
    await customer.page.reload();
    await customer.button('Connect your bank').waitFor();
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });

  it('disconnects: the grant is revoked, and the page begins anew', async () => {
    customer = await demo.visit();
    await customer.connect({ user: 'anna', accounts: ['Tagesgeld'] });
    demo.sandbox.requests.clear();
    await customer.button('Disconnect').click();
    await customer.button('Connect your bank').waitFor();
    assert.ok(demo.sandbox.requests.count({ path: '/oauth/revoke', status: 200 }) > 0);
    assert.equal(await customer.page.getByText('Tagesgeld').count(), 0);
    assertIntact();
  });

  it('says so when the customer denies, and lets them begin again', async () => {
    customer = await demo.visit();
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    await customer.button('Deny').click();
    await problem('You did not connect your bank', 'access_denied');
    await customer.screenshot('denied');
    await customer.button('Begin again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('says so when the authorization took too long', async () => {
    customer = await demo.visit();
    await customer.page.addInitScript(() => {
      const pending = JSON.parse(sessionStorage.getItem('oakford.pending') ?? 'null');
      if (pending === null) return;
      sessionStorage.setItem(
        'oakford.pending',
        JSON.stringify({ ...pending, expiresAt: '2020-01-01T00:00:00Z' }),
      );
    });
    await customer.goToConsent({ user: 'anna', accounts: ['Tagesgeld'] });
    demo.sandbox.requests.clear();
    await customer.button('Approve').click();
    await problem('That took too long', 'pending_expired');
    await customer.screenshot('expired');
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    await customer.button('Begin again').waitFor();
  });

  it('refuses a callback with another state', async () => {
    customer = await demo.visit();
    const callback = new URL(await approve(await begin(), { user: 'anna' }));
    callback.searchParams.set('state', 'forged');
    demo.sandbox.requests.clear();
    await customer.page.goto(callback.href);
    await problem('This answer belongs to another request', 'state_mismatch');
    await customer.screenshot('wrong-state');
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    await customer.button('Begin again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('explains a callback that is opened in another tab', async () => {
    customer = await demo.visit();
    const callback = await approve(await begin(), { user: 'anna' });
    const firstTab = customer.page;
    customer.page = await firstTab.context().newPage();
    demo.sandbox.requests.clear();
    await customer.page.goto(callback);
    await problem('This connection was begun elsewhere', 'begun_elsewhere');
    await customer.screenshot('another-tab');
    assert.equal(demo.sandbox.requests.count({ path: '/oauth/token' }), 0);
    customer.page = firstTab;
    await customer.page.goto(callback);
    await customer.heading('Your accounts').waitFor();
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
    await customer.screenshot('unreachable');
    demo.sandbox.faults.clear();
    await customer.button('Try again').click();
    await customer.heading('Choose your bank').waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    customer = await demo.visit();
    const { keyboard } = customer.page;
    const focused = () =>
      customer.page.evaluate(() => document.querySelector('button:focus')?.textContent ?? '');
    await keyboard.press('Tab');
    assert.equal(await focused(), 'Connect your bank');
    await keyboard.press('Enter');
    await customer.heading('Choose your bank').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await customer.heading('Log in').waitFor();
    await customer.page.getByLabel('User name').focus();
    await keyboard.type('anna');
    await keyboard.press('Tab');
    await keyboard.type('sandbox-anna');
    await keyboard.press('Enter');
    await customer.heading('Choose accounts').waitFor();
    for (let accounts = 0; accounts < 2; accounts += 1) {
      await keyboard.press('Tab');
      await keyboard.press('Space');
    }
    await keyboard.press('Enter');
    await customer.heading('Confirm access').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await customer.page.getByText('The latest 250 transactions').waitFor();
    await tabTo(/Tagesgeld/);
    await keyboard.press('Enter');
    await customer.heading('Tagesgeld').waitFor();
    await customer.cards().nth(0).focus();
    await keyboard.press('Enter');
    await customer.page.getByText('The latest 250 transactions').waitFor();
    await tabTo(/^Load more$/);
    await keyboard.press('Enter');
    await customer.page.getByText('The latest 500 transactions').waitFor();
    assert.equal(await focused(), 'Load more');
    await keyboard.press('Shift+Tab');
    await customer.button('Disconnect').focus();
    await keyboard.press('Enter');
    await customer.button('Connect your bank').waitFor();
    assert.equal(await focused(), 'Connect your bank');

    async function tabTo(name) {
      for (let presses = 0; presses < 12; presses += 1) {
        if (name.test(await focused())) return;
        await keyboard.press('Tab');
      }
      assert.fail(`${name} can't be reached with Tab`);
    }
  });

  it('fits a narrow screen, and a dark one', async () => {
    for (const options of [
      { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
      { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    ]) {
      customer = await demo.visit(options);
      const name = `${options.viewport.width}-${options.colorScheme}`;
      await customer.screenshot(`start-${name}`, { fullPage: true });
      await customer.connect(james);
      const overflow = () =>
        customer.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
      assert.equal(await overflow(), 0);
      await customer.screenshot(`connected-${name}`);
      await customer.page.getByRole('button', { name: 'Travel Credit Card' }).click();
      await customer.heading('Travel Credit Card').waitFor();
      await customer.page
        .getByText(/transactions$/)
        .first()
        .waitFor();
      await customer.screenshot(`chosen-${name}`);
      assert.equal(await overflow(), 0);
      await customer.close();
    }
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

  /** No complaint of the browser, and no request beyond the page's and the sandbox's origins. */
  function assertIntact() {
    assert.deepEqual(customer.complaints, []);
    const origins = new Set(
      customer.requests
        .map((request) => new URL(request.url()))
        .filter(({ protocol }) => protocol !== 'data:')
        .map(({ origin }) => origin),
    );
    assert.deepEqual(
      [...origins].sort(),
      [new URL(demo.address).origin, demo.sandbox.origin].filter((origin) => origins.has(origin)).sort(),
    );
  }
});

/** The number in a formatted amount: `-€1,234.50` is `-1234.50`. */
function digits(text) {
  return text.replace(/[^\d.-]/g, '');
}

function longDay(date) {
  return new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}
