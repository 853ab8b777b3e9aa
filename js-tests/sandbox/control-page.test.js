// The control page as a person uses it, in Chromium.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { startSandbox } from '../support/sandbox.mjs';
import { connect, get } from './plain-client.js';

const DAY = 86_400_000;

describe('the control page', () => {
  let browser;
  let sandbox;
  let page;
  let complaints;
  before(async () => {
    browser = await launchChromium();
  });
  beforeEach(async () => {
    sandbox = await startSandbox({ now: new Date() }); // The page shows how far it is from the machine’s time.
    await open();
  });
  afterEach(async () => {
    await page.context().close();
    await sandbox.close();
    assert.deepEqual(complaints, []);
  });
  after(() => browser?.close());

  const open = async (options) => {
    const context = await browser.newContext(options);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${sandbox.origin}/_sandbox`);
    await page.getByText('Live', { exact: true }).waitFor();
  };
  const panel = (name) => page.getByRole('region', { name, exact: true });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const switchOf = (name, state) => page.getByRole('switch', { name: `${name}, always`, ...state });
  const always = () => sandbox.faults.list().filter(({ times }) => times === null);
  /** Moves the clock and waits until the page shows it, so that it shows what was there before too. */
  const showMovedClock = async () => {
    sandbox.clock.advance(DAY);
    await page.getByText(`UTC, ${Math.round(sandbox.clock.offset / DAY)} d ahead`).waitFor();
  };
  /** Clicks, and gives the sandbox's answer to the command that the click sent. */
  const clickAndSend = async (locator, method = 'POST') => {
    const answered = page.waitForResponse((response) => response.request().method() === method);
    await locator.click();
    return answered;
  };
  /** Clicks as slowly as a person may: `between` runs while the button of the mouse is down. */
  const press = async (locator, between) => {
    await locator.scrollIntoViewIfNeeded();
    const { x, y, height } = await locator.boundingBox();
    await page.mouse.move(x + 12, y + height / 2);
    await page.mouse.down();
    await between();
    await page.mouse.up();
  };

  it('shows requests as they come, with marks in place of secrets, and none of its own', async () => {
    const { access_token } = await connect(sandbox, { client: sandbox.clients.server });
    await get(sandbox, '/accounts?limit=7', access_token);
    const row = panel('Requests').getByRole('listitem').filter({ hasText: '/aisp/v1/accounts?limit=7' });
    await row.getByText('200', { exact: true }).waitFor();
    await row.locator('summary').click();
    const text = await row.textContent();
    assert.match(text, /authorizationBearer sha256:[0-9a-f]{16}/);
    assert.match(text, /oakford-demo-server/);
    await row.locator('details[open]').waitFor();
    const all = await page.content();
    assert.ok(!all.includes(access_token));
    assert.ok(!(await panel('Requests').textContent()).includes('/_sandbox'));
    await page.getByLabel('Which requests').selectOption('API calls');
    assert.equal(await panel('Requests').getByRole('listitem').count(), 1);
    await button('Clear').click();
    await panel('Requests').getByText('None yet').waitFor();
    assert.equal(sandbox.requests.length, 0);
  });

  it('holds requests back while it is paused', async () => {
    await button('Pause').click();
    await get(sandbox, '/accounts');
    await showMovedClock();
    await showMovedClock(); // The requests come after the first move and before the second.
    assert.equal(await panel('Requests').getByRole('listitem').count(), 0);
    await button('Pause').click();
    await panel('Requests').getByText('401', { exact: true }).waitFor();
  });

  it('switches faults on and off, and plans one for once', async () => {
    const { access_token } = await connect(sandbox);
    const status = async () => (await get(sandbox, '/accounts', access_token)).status;
    await switchOf('Proxy error').click();
    await panel('Faults').getByText('/aisp/v1/*: hit 0').waitFor();
    await switchOf('Proxy error', { checked: true }).waitFor();
    assert.deepEqual([await status(), await status()], [502, 502]);
    await panel('Requests').getByText('fault: html_502').first().waitFor();
    await clickAndSend(switchOf('Proxy error'), 'DELETE');
    await switchOf('Proxy error', { checked: false }).waitFor();
    assert.equal(await status(), 200);
    await button('Too many requests, once').click();
    await button('Remove rate_limited').waitFor();
    assert.deepEqual([await status(), await status()], [429, 200]);
    await panel('Faults').getByText('None: every request').waitFor();
    await button('Remove rate_limited').waitFor({ state: 'detached' });
  });

  it('keeps every click of a person who clicks quickly', async () => {
    const switches = await page.getByRole('switch').all();
    assert.equal(switches.length, 9);
    for (const each of switches) await each.click();
    await panel('Faults').getByText('/aisp/v1/*: hit 0').nth(6).waitFor();
    await panel('Faults').getByText('/oauth/token: hit 0').nth(1).waitFor();
    assert.equal(always().length, 9);
    await clickAndSend(button('Remove all'), 'DELETE');
    assert.equal(sandbox.faults.list().length, 0);
    await page.getByRole('switch', { checked: true }).first().waitFor({ state: 'detached' });

    await switchOf('Slow').click({ clickCount: 2 });
    await switchOf('Slow').click({ clickCount: 3 });
    await panel('Faults').getByText('/aisp/v1/*: hit 0').waitFor();
    assert.deepEqual(
      always().map(({ fault }) => fault),
      ['latency'],
    );
    await switchOf('Slow', { checked: true }).waitFor();
  });

  it('keeps a click while the page changes between press and release', async () => {
    await connect(sandbox);
    const { id } = sandbox.faults.add({ fault: 'hang', match: { path: '/none' }, times: null });
    await panel('Faults').getByText('/none: hit 0').waitFor();

    await press(switchOf('Slow'), () => {
      sandbox.faults.add({ fault: 'latency', match: { path: '/aisp/v1/*' }, times: null });
      return switchOf('Slow', { checked: true }).waitFor();
    });
    await switchOf('Slow', { checked: false }).waitFor();

    await press(button('Remove hang'), async () => {
      sandbox.faults.add({ fault: 'hang', match: { path: '/other' }, skip: 1 });
      await panel('Faults').getByText('/other: 1 to come, after 1').waitFor();
    });
    await panel('Faults').getByText('/none: hit 0').waitFor({ state: 'detached' });
    assert.ok(sandbox.faults.list().every((fault) => fault.id !== id));

    await connect(sandbox, { customer: { user: 'james' } });
    await button('Revoke the consent of james to oakford-demo-web').waitFor();
    await press(button('Revoke the consent of anna to oakford-demo-web'), async () => {
      sandbox.consents.setExpiry(new Date(0).toISOString(), sandbox.consents.list()[1].id);
      await panel('Consents').getByText('expired', { exact: true }).waitFor();
    });
    await panel('Consents').getByText('revoked', { exact: true }).waitFor();
    assert.deepEqual(
      sandbox.consents.list().map(({ username, status }) => [username, status]),
      [
        ['anna', 'revoked'],
        ['james', 'expired'],
      ],
    );

    sandbox.faults.clear();
    sandbox.faults.add({ fault: 'hang' });
    const hanging = new AbortController();
    const request = fetch(`${sandbox.baseUrl}/accounts?limit=9`, { signal: hanging.signal }).catch(() => {});
    const row = panel('Requests').getByRole('listitem').filter({ hasText: '/aisp/v1/accounts?limit=9' });
    await row.getByText('…').waitFor();
    await press(row.locator('summary'), async () => {
      hanging.abort();
      await request;
      await row.getByText('cut').waitFor();
    });
    await row.locator('details[open]').waitFor();
  });

  it('is used by the keyboard, and what has the focus keeps it', async () => {
    await switchOf('Slow').focus();
    for (const checked of [true, false]) {
      const answered = page.waitForResponse(
        (response) => response.request().method() === (checked ? 'POST' : 'DELETE'),
      );
      await page.keyboard.press('Space');
      await answered;
      await switchOf('Slow', { checked }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Slow, always');
    }
    assert.equal(sandbox.faults.list().length, 0);
  });

  it('moves the clock', async () => {
    await button('+1 day').click();
    await page.getByText('UTC, 1 d ahead').waitFor();
    assert.equal(Math.round(sandbox.clock.offset / DAY), 1);
    await page.getByLabel('Set to (UTC)').fill('2030-06-01T10:20');
    await button('Set').click();
    await page.getByText('2030-06-01 10:20').waitFor();
    await button('Back to now').click();
    await page.getByText('UTC, as this machine').waitFor();
    assert.equal(sandbox.clock.offset, 0);
  });

  it('loads scenarios, and shows one that was loaded otherwise', async () => {
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption('new-customer');
    await panel('Scenario').getByText('James opened his account six days ago').waitFor();
    assert.equal(sandbox.scenarios.current.name, 'standard');
    await button('Load').click();
    await panel('Scenario').getByText('Loaded: new-customer').waitFor();
    assert.equal(sandbox.users.length, 1);
    await page
      .locator('#users')
      .filter({ hasText: /^\w+sandbox-\w+$/ })
      .waitFor();
    sandbox.scenarios.load({ customers: ['anna', 'noor'] });
    await panel('Scenario').getByText('Loaded: custom').waitFor();
    await page.locator('#users tr').nth(1).waitFor();
    assert.equal(await page.locator('#users tr').count(), 2);
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption('overdrawn');
    await button('Load').click();
    await panel('Scenario').getByText('Loaded: overdrawn').waitFor();
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption('custom');
    await button('Load').click();
    await panel('Scenario').getByText('Loaded: custom').waitFor();
    assert.deepEqual(
      sandbox.users.map(({ username }) => username),
      ['anna', 'noor'],
    );
  });

  it('ends consents', async () => {
    const [anna, james] = [
      await connect(sandbox, { customer: { user: 'anna' } }),
      await connect(sandbox, { customer: { user: 'james' } }),
    ];
    const codeOf = async ({ access_token }) => (await get(sandbox, '/accounts', access_token)).body.error;
    await button('Expire the consent of anna to oakford-demo-web').click();
    await panel('Consents').getByText('expired', { exact: true }).waitFor();
    assert.deepEqual([await codeOf(anna), await codeOf(james)], ['consent_expired', undefined]);
    await button('Revoke the consent of james to oakford-demo-web').click();
    await panel('Consents').getByText('revoked', { exact: true }).waitFor();
    assert.equal(await codeOf(james), 'consent_revoked');
    assert.ok(await button('Revoke the consent of james to oakford-demo-web').isDisabled());
  });

  it('shows how much of its limits each client has used', async () => {
    const { access_token } = await connect(sandbox);
    for (let call = 0; call < 3; call += 1) await get(sandbox, '/accounts', access_token);
    await panel('Rate limits').getByText('3 of 50 in 10 s').waitFor();
    await panel('Rate limits').getByText('3 of 100 in 60 s').waitFor();
    sandbox.scenarios.load({ rateLimit: false });
    await panel('Rate limits').getByText('The limits are off.').waitFor();
  });

  it('says when the sandbox is gone', async () => {
    await sandbox.close();
    await page.getByText('Not running').waitFor();
    await button('+1 day').click();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    complaints = complaints.filter(
      (text) => !text.includes('ERR_CONNECTION') && !text.includes('ERR_INCOMPLETE'),
    );
  });

  it('may not do more than its policy says, and nobody frames it', async () => {
    const { headers } = await fetch(`${sandbox.origin}/_sandbox`);
    const policy = headers.get('content-security-policy');
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      assert.ok(policy.includes(rule), rule);
    assert.ok(!policy.includes('unsafe'));
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      it(`has nothing that axe objects to, ${colorScheme} at ${width} pixels, and scrolls in one direction only`, async () => {
        const check = async (name) => {
          await assertAccessible(page, name);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(beyond <= 0, `${name} is ${beyond} pixels too wide`);
        };
        await page.context().close();
        await open({ colorScheme, viewport: { width, height: 780 } });
        await check('empty');
        const { access_token } = await connect(sandbox);
        await connect(sandbox, { client: sandbox.clients.oddCharacters, customer: { user: 'james' } });
        sandbox.consents.revoke(sandbox.consents.list()[1].id);
        await page.getByRole('switch', { name: 'Bank unavailable, always' }).click();
        await page.getByRole('switch', { checked: true }).waitFor();
        for (const path of ['/accounts', '/accounts/acc_anna_current/transactions?limit=500'])
          await get(sandbox, path, access_token);
        sandbox.faults.clear();
        await get(sandbox, '/accounts', access_token);
        sandbox.faults.add({
          fault: 'latency',
          match: { method: 'GET', path: '/aisp/v1/accounts*' },
          skip: 2,
        });
        await panel('Faults').getByText('1 to come, after 2').waitFor();
        await panel('Requests').locator('summary').first().click();
        await page.getByText('Live', { exact: true }).waitFor();
        await check('in use');
      });
    }
  }
});
