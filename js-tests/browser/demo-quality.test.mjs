// The demo page for everyone: no violation that axe finds, the keyboard alone, narrow and wide, no layout shift, less motion.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { anna, complaintsOf, james, startDemo } from './demo-page.mjs';

describe('the demo page is for everyone', () => {
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

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1440]) {
      it(`axe finds no violation, ${colorScheme}, ${width} pixels wide`, async () => {
        customer = await demo.visit({ colorScheme, viewport: { width, height: 800 } });
        await assertAccessible(customer.page, 'start');
        await customer.page.goto(`${demo.address}?code=c&state=unknown`);
        await customer.button('Begin again').waitFor();
        await assertAccessible(customer.page, 'nothing begun');
        await customer.goToConsent(james);
        await customer.approve();
        await customer.page.getByText('The figures as a table').click();
        await assertAccessible(customer.page, 'connected');
        await customer.page.getByLabel('Search').fill('no such thing');
        await customer.page.getByLabel('At least').fill('a lot');
        await assertAccessible(customer.page, 'filtered');
        await customer.page.getByRole('button', { name: /^Too many requests/ }).click();
        await customer.page.locator('.toast').waitFor();
        await assertAccessible(customer.page, 'waiting');
        await customer.page.getByRole('button', { name: /^Bank is down/ }).click();
        await customer.page.getByRole('alert').waitFor();
        await assertAccessible(customer.page, 'problem');
      });
    }
  }

  it('does not shift its layout while it loads, reads, scrolls and changes the account', async () => {
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 1440, height: 900 },
    ]) {
      customer = await demo.visit({ viewport });
      await customer.page.addInitScript(() => {
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput, sources } of list.getEntries()) {
            const what = sources.map(({ node }) => node?.className || node?.id || node?.nodeName).join(', ');
            if (!hadRecentInput) globalThis.shifts.push({ value, what });
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await customer.page.reload();
      await customer.button('Connect your bank').waitFor();
      await still('start');
      await customer.connect(anna);
      await customer.page.locator('.list').hover();
      await customer.page.mouse.wheel(0, 5000);
      await still('connected');
      await customer.choose('Tagesgeld');
      await customer.complete();
      await still('another account');
      await customer.page.reload();
      await customer.complete();
      await still('reloaded');
      await customer.close();
    }
  });

  it('fits a screen of any width', async () => {
    for (const width of [360, 768, 1024, 1280, 1920]) {
      customer = await demo.visit({ viewport: { width, height: 800 } });
      assert.equal(await overflow(), 0, `start, ${width}`);
      await customer.connect(james);
      assert.equal(await overflow(), 0, `connected, ${width}`);
      await customer.choose('Travel Credit Card');
      await customer.complete();
      assert.equal(await overflow(), 0, `chosen, ${width}`);
      await customer.close();
    }
  });

  it('moves nothing for those who want less motion', async () => {
    customer = await demo.visit();
    demo.sandbox.faults.add({ match: { path: '*' }, fault: 'latency', delayMs: 1000, times: null });
    await customer.goToConsent(james);
    await customer.button('Approve').click();
    await customer.page.getByText('Reading your accounts…').waitFor();
    const running = () => customer.page.evaluate(() => document.getAnimations().length);
    assert.equal(await running(), 0);
    demo.sandbox.faults.clear();
    await customer.complete();
    assert.equal(await running(), 0);
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
    await customer.goThroughBank({ user: 'anna', accounts: ['Girokonto Plus', 'Tagesgeld'] });
    await customer.button('Approve').focus();
    await keyboard.press('Enter');
    await customer.complete();
    await tabTo(/Tagesgeld/);
    await keyboard.press('Enter');
    await customer.heading('Tagesgeld').waitFor();
    await customer.complete();
    await tabTo(/^Read again$/);
    await keyboard.press('Enter');
    await customer.complete();
    assert.equal(await focused(), 'Read again');
    await tabTo(/^Export as CSV$/);
    const [download] = await Promise.all([customer.page.waitForEvent('download'), keyboard.press('Enter')]);
    assert.equal(download.suggestedFilename(), 'acc_anna_savings.csv');
    await keyboard.press('Tab');
    await keyboard.type('zzz');
    await customer.status(/^0 of /);
    await tabTo(/^Clear$/);
    await keyboard.press('Enter');
    await customer.complete();
    await customer.cards().first().focus();
    await tabTo(/^Disconnect$/);
    await keyboard.press('Enter');
    await customer.button('Connect your bank').waitFor();
    assert.equal(await focused(), 'Connect your bank');
    assert.deepEqual(complaintsOf(customer, demo), []);

    async function tabTo(name) {
      for (let presses = 0; presses < 20; presses += 1) {
        if (name.test(await focused())) return;
        await keyboard.press('Tab');
      }
      assert.fail(`${name} can't be reached with Tab`);
    }
  });

  async function still(state) {
    const shifts = await customer.page.evaluate(() => globalThis.shifts);
    const total = shifts.reduce((sum, { value }) => sum + value, 0);
    assert.ok(total < 0.01, `${state}: ${total} ${JSON.stringify(shifts)}`);
  }

  const overflow = () =>
    customer.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
});
