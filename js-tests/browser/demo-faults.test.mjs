// The demo page’s faults in Chromium: each button lets something go wrong, and one sees the SDK cope.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { james, startDemo } from './demo-page.mjs';

describe('the demo page’s faults', () => {
  let demo;
  let customer;
  before(async () => {
    demo = await startDemo();
  });
  afterEach(async () => {
    demo.sandbox.faults.clear();
    demo.sandbox.clock.reset();
    await customer?.close();
  });
  after(() => demo?.close());

  async function begin() {
    customer = await demo.visit();
    await customer.connect(james);
    await customer.button('Clear').last().click();
    demo.sandbox.requests.clear();
  }

  const fault = (name) => customer.page.getByRole('button', { name: new RegExp(`^${name}`) }).click();

  it('the log shows each call as code with its time, and each request, but no secret', async () => {
    customer = await demo.visit();
    await customer.connect(james);
    const log = (await customer.log()).join('\n');
    assert.match(
      log,
      /await client\.completeAuthorization\(callbackUrl, pending, \{ key: '[\w-]+' \}\)\s+\d/,
    );
    assert.match(
      log,
      /await session\.accounts\(\{ withBalances: true \}\)\.all\(\{ limit: 500 \}\)\s+\d+ ms/,
    );
    assert.match(
      log,
      /for await \(const page of session\.transactions\('acc_james_current', \{ limit: 500, signal \}\)\.pages\(\)\)\s+\d pages? · /,
    );
    assert.match(log, /GET …\/transactions( × \d)?\s+200 · \d+ ms/);
    assert.match(log, /POST \/oauth\/token\s+200/);
    assert.doesNotMatch(log, /code=|state=|codeVerifier|eyJ/);
    assert.doesNotMatch(log, /…$/m, 'every call has ended');
  });

  it('429: the wait that the API asks for is shown while it lasts, and then it goes on', async () => {
    await begin();
    await fault('Too many requests');
    await customer.page.getByText('The API asks us to slow down (429).').waitFor();
    const seconds = () => customer.page.locator('.toast .seconds').first().textContent();
    const first = Number.parseFloat(await seconds());
    assert.ok(first > 3 && first <= 6, String(first));
    await customer.page.waitForFunction(
      (than) => Number.parseFloat(document.querySelector('.toast .seconds').textContent) < than - 1,
      first,
    );
    await customer.complete();
    await customer.page.locator('.toast').waitFor({ state: 'detached' });
    assert.equal(await customer.page.getByRole('alert').count(), 0);
    assert.match((await customer.log()).join('\n'), /429 · .*\n.*attempt 1 failed/);
  });

  it('a wait is no longer shown where the reading is stopped', async () => {
    await begin();
    await fault('Too many requests');
    await customer.page.locator('.toast').waitFor();
    await customer.button('Stop').click();
    await customer.button('Go on').waitFor();
    assert.equal(await customer.page.locator('.toast').count(), 0);
    await customer.button('Go on').click();
    await customer.complete();
  });

  it('two answers of 503 are tried again', async () => {
    await begin();
    await fault('Bank stumbles');
    await customer.page.getByText('attempt 2 failed').waitFor();
    await customer.complete();
    assert.equal(demo.sandbox.requests.count({ path: '*/transactions', status: 503 }), 2);
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });

  it('a bank that stays down: the page shows it until the bank is repaired', async () => {
    await begin();
    await fault('Bank is down');
    await customer.heading('Your bank has a problem').waitFor();
    await customer.button('Repair all').click();
    await customer.button('Try again').click();
    await customer.complete();
  });

  it('an access token that ran out is renewed once, and the call made again', async () => {
    await begin();
    await fault('Access token runs out');
    await customer.page.getByText('tokens renewed').waitFor();
    await customer.complete();
    assert.equal(demo.sandbox.requests.count({ grantType: 'refresh_token' }), 1);
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });

  it('two tabs renew the tokens once between them', async () => {
    await begin();
    const [second] = await Promise.all([customer.page.context().waitForEvent('page'), fault('Second tab')]);
    await second.getByRole('status').filter({ hasText: /^All / }).waitFor();
    await customer.complete();
    assert.equal(demo.sandbox.requests.count({ grantType: 'refresh_token' }), 1);
    assert.equal(await second.getByRole('alert').count(), 0);
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });

  it('a consent that ended leads to the bank again', async () => {
    await begin();
    await fault('Consent ends');
    await customer.heading('Your consent has expired').waitFor();
    await customer.page.getByRole('alert').getByRole('button', { name: 'Renew access' }).click();
    await customer.goThroughBank(james);
    await customer.approve();
    assert.equal(await customer.page.getByRole('alert').count(), 0);
  });
});
