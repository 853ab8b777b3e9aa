// The demo page in browsers of other languages: it keeps to the language of its text, and no name of a language ends it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { complaintsOf, digits, startDemo } from './demo-page.mjs';

const tagesgeld = { user: 'anna', accounts: ['Tagesgeld'] };

for (const name of ['C', 'en-US@posix']) {
  test(`demo page: works and draws its charts when the browser's language is ${name}, which Intl refuses`, async () => {
    const demo = await startDemo({ flags: [`--accept-lang=${name}`] });
    after(() => demo.close());
    const customer = await demo.visit({ locale: undefined });
    const { page } = customer;
    assert.equal(await page.evaluate(() => navigator.languages[0]), name);
    await customer.connect(tagesgeld);
    await page.locator('.uplot canvas').first().waitFor();
    assert.deepEqual(complaintsOf(customer, demo), []);
  });
}

test('demo page: date fields are in the language of the page when the browser has another one', async () => {
  const demo = await startDemo();
  after(() => demo.close());
  const customer = await demo.visit({ locale: 'en-US' });
  await customer.connect(tagesgeld);
  const { page } = customer;
  const all = await customer.rows();
  const { day } = all.at(-1);
  const typed = day.split('-').reverse().join('/');
  const from = page.getByLabel('From');
  const to = page.getByLabel('To', { exact: true });
  assert.equal(await from.getAttribute('placeholder'), 'dd/mm/yyyy');

  await to.fill(typed);
  await customer.status(/\d of .* transactions/);
  for (const row of await customer.rows()) assert.ok(row.day <= day, row.day);
  // The browser's calendar, which the button opens, has the same date and writes into the field.
  const calendar = page.locator('.date [type=date]');
  assert.equal(await calendar.last().inputValue(), day);
  await page.getByRole('button', { name: 'Choose the first day' }).click();
  await calendar.first().evaluate((input, date) => {
    input.value = date;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, day);
  assert.equal(await from.inputValue(), typed);
  for (const row of await customer.rows()) assert.equal(row.day, day);

  await from.fill('31/02/2026');
  assert.equal(await from.evaluate((input) => input.validationMessage), 'A date as dd/mm/yyyy');
  for (const row of await customer.rows()) assert.equal(row.day, day, 'the last filter stays');
  await from.fill(day);
  await from.blur();
  assert.equal(await from.inputValue(), typed, 'a date as it is on the wire is read too');
  await page.getByRole('search').getByRole('button', { name: 'Clear' }).click();
  await customer.complete();
  assert.ok(digits((await customer.rows())[0].amount));
});
