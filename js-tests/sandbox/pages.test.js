// The authorization pages as a person meets them, in Chromium.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startSandbox } from '@oakford/aisp-sandbox/testing';
import { chromium } from 'playwright-core';
import { authorizationRequest, exchange, get } from './plain-client.js';

const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

describe('authorization pages', () => {
  let sandbox;
  let browser;
  let app;
  let page;
  let complaints;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    browser = await chromium.launch({
      ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
      args: ['--no-sandbox'],
    });
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

  for (const [where, button] of [
    ['first', 'Cancel'],
    ['last', 'Deny'],
  ]) {
    it(`let the customer refuse at the ${where} page`, async () => {
      await begin();
      if (where === 'last') {
        await press('Continue');
        await page.getByLabel('User name').fill('noor');
        await page.getByLabel('Password').fill('sandbox-noor');
        await press('Log in');
        await page.getByLabel('旅行用プリペイド').check();
        await press('Continue');
      }
      await press(button);
      await page.waitForURL(/\/callback\?/);
      const { searchParams } = new URL(page.url());
      assert.equal(searchParams.get('error'), 'access_denied');
      assert.equal(searchParams.get('iss'), sandbox.origin);
    });
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
    const { url } = await begin();
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
    assert.ok(url);
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
