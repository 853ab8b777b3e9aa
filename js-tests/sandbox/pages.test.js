// The authorization pages as a person meets them, in Chromium.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { startSandbox } from '../support/sandbox.mjs';
import { authorizationRequest, exchange, get } from './plain-client.js';

describe('authorization pages', () => {
  let sandbox;
  let browser;
  let app;
  let page;
  let complaints;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    browser = await launchChromium();
    app = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>The app</title><link rel="icon" href="data:,">Back at the app');
    });
    await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(async () => {
    page = await browser.newPage();
    complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  after(async () => {
    await browser?.close();
    app?.close();
    await sandbox?.close();
  });

  const begin = async (parameters) => {
    const redirectUri = `http://127.0.0.1:${app.address().port}/callback`;
    const request = authorizationRequest(sandbox, { redirect_uri: redirectUri, ...parameters });
    await page.goto(request.url.href);
    return { ...request, redirectUri };
  };
  const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (name) => page.getByRole('button', { name, exact: true }).click();

  it('lead from bank to consent and back to the app, without a script', async () => {
    await begin();
    await heading('Choose your bank');
    await page.getByLabel('Wiesental Bank').check();
    await press('Continue');
    await heading('Log in to Wiesental Bank');
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill('wrong');
    await press('Log in');
    assert.match(await page.getByRole('alert').textContent(), /don’t fit together/);
    assert.equal(await page.getByLabel('User name').inputValue(), 'anna');
    await page.getByLabel('Password').fill('sandbox-anna');
    await press('Log in');
    await heading('Choose accounts');
    await press('Continue');
    assert.match(await page.getByRole('alert').textContent(), /at least one/);
    await page.getByLabel('Tagesgeld').check();
    await press('Continue');
    await heading('Confirm access');
    const main = await page.getByRole('main').textContent();
    assert.match(main, /Tagesgeld/);
    assert.doesNotMatch(main, /Girokonto/);
    assert.match(main, new RegExp(`From${new Date().getUTCDate()} `));
    await press('Approve');
    await page.waitForURL(/\/callback\?/);
    assert.equal(await page.title(), 'The app');
    assert.deepEqual(complaints, []);
    assert.equal(await page.evaluate(() => document.scripts.length), 0);
  });

  it('work by the keyboard alone', async () => {
    const { verifier, redirectUri } = await begin({ login_hint: 'james' });
    await heading('Choose your bank');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading(/^Log in/);
    assert.equal(await page.getByLabel('User name').inputValue(), 'james');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('sandbox-james');
    await page.keyboard.press('Enter');
    await heading('Choose accounts');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await heading('Confirm access');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/callback\?/);
    const code = new URL(page.url()).searchParams.get('code');
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: sandbox.clients.web.clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    const tokens = await (await fetch(`${sandbox.origin}/oauth/token`, { method: 'POST', body })).json();
    const { body: list } = await get(sandbox, '/accounts', tokens.access_token);
    assert.deepEqual(
      list.accounts.map(({ account_id }) => account_id),
      ['acc_james_current'],
    );
  });

  /** Answers the pages from the first on, up to one of them. */
  const walkTo = async (wanted) => {
    const answers = [
      ['bank', () => page.getByLabel('Gulf Pearl').check()],
      ['login', () => logIn('noor')],
      ['code', () => page.getByLabel('One-time code').fill('246 810')],
      ['accounts', () => page.getByRole('checkbox').first().check()],
      ['consent', () => {}],
    ];
    for (const [name, answer] of answers) {
      await page.waitForURL(`**/${name}`);
      if (name === wanted) return;
      await answer();
      await page.locator('form button').first().click();
    }
  };
  const logIn = async (user) => {
    await page.getByLabel('User name').fill(user);
    await page.getByLabel('Password').fill(`sandbox-${user}`);
  };
  const strong = { acr_values: 'urn:openbanking:psd2:sca' };

  for (const [step, button] of [
    ['bank', 'Cancel'],
    ['login', 'Cancel'],
    ['code', 'Cancel'],
    ['accounts', 'Cancel'],
    ['consent', 'Deny'],
  ]) {
    it(`let the customer refuse at the ${step} page`, async () => {
      await begin(strong);
      await walkTo(step);
      await press(button);
      await page.waitForURL(/\/callback\?/);
      const { searchParams } = new URL(page.url());
      assert.equal(searchParams.get('error'), 'access_denied');
      assert.equal(searchParams.get('iss'), sandbox.origin);
    });
  }

  it('work where scripts are switched off, one-time code and all', async () => {
    page = await browser.newPage({ javaScriptEnabled: false });
    await begin(strong);
    await walkTo('consent');
    assert.match(await page.getByRole('main').textContent(), /PMNT|حساب جاري/);
    await press('Approve');
    await page.waitForURL(/\/callback\?.*code=/);
  });

  it('lead back to an earlier page, and keep what was chosen', async () => {
    await begin({ login_hint: 'noor' });
    await page.getByLabel('Gulf Pearl').check();
    await press('Continue');
    await page.getByRole('link', { name: 'Choose another bank' }).click();
    await heading('Choose your bank');
    assert.ok(await page.getByLabel('Gulf Pearl').isChecked());
    await press('Continue');
    await logIn('noor');
    await press('Log in');
    await press('Continue');
    await page.getByRole('link', { name: 'Change the accounts' }).click();
    await heading('Choose accounts');
    assert.ok(await page.getByRole('checkbox').isChecked());
  });

  it('say what is shared, from when to when, and how to end it', async () => {
    await begin();
    await page.getByLabel('Wiesental').check();
    await press('Continue');
    await logIn('anna');
    await press('Log in');
    await page.getByLabel('Tagesgeld').check();
    await press('Continue');
    const text = (await page.getByRole('main').textContent()).replace(/\s+/g, ' ');
    const until = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    assert.equal(await page.locator('time').last().getAttribute('datetime'), until);
    for (const said of [
      'Account names, numbers',
      'Balances',
      'Transactions',
      'withdraw the consent',
      'From this account',
    ])
      assert.ok(text.includes(said), said);
  });

  it('tie an error to the input that it is about, and put the cursor there', async () => {
    const described = async () => {
      await page.getByRole('alert').waitFor();
      await page.waitForFunction(() => document.activeElement?.matches('[autofocus]'));
      return page.evaluate(() => {
        const at = document.activeElement;
        const ids = at.getAttribute('aria-describedby')?.split(' ') ?? [];
        return {
          name: at.name,
          description: ids.map((id) => document.getElementById(id).textContent).join(' '),
        };
      });
    };
    await begin(strong);
    await press('Continue');
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill('wrong');
    await press('Log in');
    assert.deepEqual(await described(), {
      name: 'password',
      description: 'User name and password don’t fit together at this bank.',
    });
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('Password').getAttribute('aria-invalid'), 'true');
    await page.getByLabel('Password').fill('sandbox-anna');
    await press('Log in');
    await page.getByLabel('One-time code').fill('111111');
    await press('Continue');
    assert.deepEqual(await described(), {
      name: 'code',
      description: 'This is not the code that was sent to you. Six digits',
    });
    await page.getByLabel('One-time code').fill('246810');
    await press('Continue');
    await press('Continue');
    assert.deepEqual(await described(), { name: 'account', description: 'Tick at least one account.' });
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      it(`have nothing that axe objects to, ${colorScheme} at ${width} pixels, and scroll in one direction only`, async () => {
        page = await browser.newPage({ colorScheme, viewport: { width, height: 780 } });
        const check = async (name) => {
          await assertAccessible(page, name);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(beyond <= 0, `${name} is ${beyond} pixels too wide`);
        };
        for (const step of ['bank', 'login', 'code', 'accounts', 'consent']) {
          await begin(strong);
          await walkTo(step);
          await check(step);
        }
        for (const [step, wrong] of [
          [
            'login',
            () =>
              page
                .getByLabel('User name')
                .fill('x')
                .then(() => page.getByLabel('Password').fill('x')),
          ],
          ['code', () => page.getByLabel('One-time code').fill('1')],
          ['accounts', () => page.getByRole('checkbox').uncheck()],
        ]) {
          await begin(strong);
          await walkTo(step);
          await wrong();
          await page.locator('form button').first().click();
          await page.getByRole('alert').waitFor();
          await check(`${step}, wrong`);
        }
        await begin({ client_id: 'nobody' });
        await check('error');
        await page.goto(`${sandbox.origin}/oauth/logout`);
        await check('logout');
      });
    }
  }

  it('explain a request that can’t go back to an app', async () => {
    await begin({ client_id: 'nobody' });
    await heading('This request can’t be served');
    assert.match(await page.getByRole('main').textContent(), /invalid_client/);
  });

  it('explain a connection that is over', async () => {
    await begin();
    await page.context().clearCookies();
    await press('Continue');
    await heading('This connection is no longer open');
  });

  it('forbid scripts, framing and foreign forms by their policy', async () => {
    await begin();
    const policy = (await fetch(page.url())).headers.get('content-security-policy');
    for (const rule of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]) {
      assert.ok(policy.includes(rule), rule);
    }
    assert.ok(!policy.includes('unsafe'));
  });

  it('log the customer out and lead back', async () => {
    const { verifier, redirectUri } = await begin();
    await press('Continue');
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill('sandbox-anna');
    await press('Log in');
    await page.getByLabel('Girokonto').check();
    await press('Continue');
    await press('Approve');
    await page.waitForURL(/\/callback\?/);
    const { body } = await exchange(sandbox, page.url(), verifier, { redirectUri });
    const back = `http://127.0.0.1:${app.address().port}/bye`;
    const logout = new URL(`${sandbox.origin}/oauth/logout`);
    logout.search = new URLSearchParams({
      id_token_hint: body.id_token,
      post_logout_redirect_uri: back,
      state: 's',
    });
    await page.goto(logout.href);
    await heading('Log out');
    await press('Log out');
    await page.waitForURL(/\/bye\?state=s$/);
  });
});
