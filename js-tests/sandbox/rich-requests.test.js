// Rich authorization requests (RFC 9396) from the SDK to the sandbox: pages, API and token answers keep to what was asked for.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createClient } from '@oakford/aisp';
import { approve, deny } from '@oakford/aisp-sandbox/testing';
import { assertAccessible } from '../browser/axe.mjs';
import { launchChromium } from '../browser/chromium.mjs';
import { fapiOptions, publicOptions } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { authorizationRequest, connect, exchange, get, refresh } from './plain-client.js';

const sandbox = await sandboxForFile();
const IBAN = 'DE76500105170648489999';
// An app reckons by the machine's clock.
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Connects Anna with the SDK; keeps what the token endpoint said. */
async function connectAnna(options, authorizationDetails, request = {}) {
  const answers = [];
  const client = await createClient({
    ...options,
    async fetch(url, init) {
      const response = await fetch(url, init);
      if (url.endsWith('/oauth/token')) answers.push(await response.clone().json());
      return response;
    },
  });
  const { url, pending } = await client.beginAuthorization({ ...request, authorizationDetails });
  const callbackUrl = await approve(url, { user: 'anna' });
  const session = await client.completeAuthorization(callbackUrl, pending);
  return { session, answers, url };
}

for (const [name, options] of [
  ['web', publicOptions(sandbox)],
  ['fapi', fapiOptions(sandbox)],
]) {
  describe(`the client "${name}"`, () => {
    it('gets the accounts, actions and days that it asked for, and no more', async () => {
      const validUntil = inDays(20);
      const { session, answers } = await connectAnna(options, {
        accounts: [{ iban: IBAN }],
        transactions: false,
        validUntil,
      });
      const { items } = await session.accounts();
      assert.deepEqual(
        items.map(({ accountId }) => accountId),
        ['acc_anna_savings'],
      );
      assert.equal(items[0].consentExpiresAt, `${validUntil}T23:59:59Z`);
      assert.equal((await session.balances('acc_anna_savings')).items.length, 4);
      const refused = await rejection(async () => session.transactions('acc_anna_savings'));
      assert.deepEqual([refused.status, refused.code], [403, 'insufficient_scope']);
      const [{ authorization_details: granted }] = answers.filter((answer) => answer.access_token);
      assert.deepEqual(granted, [
        {
          type: 'account_information',
          actions: ['list_accounts', 'read_balances'],
          locations: [sandbox.baseUrl],
          accounts: [{ account_id: 'acc_anna_savings', iban: IBAN }],
          valid_until: validUntil,
        },
      ]);
    });

    it('keeps the details and the use of userinfo over a refresh', async () => {
      const { session, answers } = await connectAnna(
        options,
        { accounts: [{ accountId: 'acc_anna_pln' }], balances: false },
        { scope: ['openid', 'accounts', 'offline_access', 'profile'] },
      );
      await session.refresh();
      const [first, second] = answers.filter((answer) => answer.access_token);
      assert.notEqual(first.access_token, second.access_token);
      assert.deepEqual(second.authorization_details, first.authorization_details);
      assert.equal((await session.userInfo()).name, 'Anna Żółkiewska');
      const { code } = await rejection(async () => session.balances('acc_anna_pln'));
      assert.equal(code, 'insufficient_scope');
      assert.equal((await session.transactions('acc_anna_pln', { limit: 5 })).items.length, 5);
    });

    it('leaves the choice to the customer where it names no account', async () => {
      const { session } = await connectAnna(options, {});
      assert.equal((await session.accounts()).items.length, 3);
    });
  });
}

it('without openid, the token is for the API and opaque all the same', async () => {
  const { session } = await connectAnna(
    publicOptions(sandbox),
    { transactions: false },
    { scope: ['accounts'] },
  );
  assert.equal((await session.accounts()).items.length, 3);
});

it('says in its metadata which details it understands, and nothing of details where none were asked for', async () => {
  const metadata = await (await fetch(`${sandbox.origin}/.well-known/openid-configuration`)).json();
  assert.deepEqual(metadata.authorization_details_types_supported, ['account_information']);
  const answer = await connect(sandbox);
  assert.ok(!('authorization_details' in answer));
});

it('refuses details that it does not understand, by the code of RFC 9396', async () => {
  const good = { type: 'account_information' };
  const cases = [
    [[{ type: 'payment_initiation' }], /type/],
    [[good, good], /one detail/],
    [[{ ...good, actions: ['read_balances'] }], /actions/],
    [[{ ...good, actions: ['list_accounts', 'pay'] }], /actions/],
    [[{ ...good, locations: ['https://elsewhere.example/'] }], /locations/],
    [[{ ...good, accounts: [] }], /accounts/],
    [[{ ...good, accounts: [{ pan: '1' }] }], /accounts/],
    [[{ ...good, accounts: [{ iban: 7 }] }], /accounts/],
    [[{ ...good, valid_until: 'soon' }], /valid_until/],
    [[{ ...good, valid_until: '2020-01-01' }], /valid_until/],
    [[{ ...good, colour: 'red' }], /colour/],
    ['nonsense', /JSON/],
  ];
  for (const [details, said] of cases) {
    const text = typeof details === 'string' ? details : JSON.stringify(details);
    const { url } = authorizationRequest(sandbox, { authorization_details: text });
    const { status, headers } = await fetch(url, { redirect: 'manual' });
    assert.equal(status, 303, text);
    const back = new URL(headers.get('location')).searchParams;
    assert.equal(back.get('error'), 'invalid_authorization_details', text);
    assert.match(back.get('error_description'), said);
  }
});

it('refuses a resource that is not its API, and takes its own', async () => {
  const elsewhere = authorizationRequest(sandbox, { resource: 'https://elsewhere.example/' });
  const { headers } = await fetch(elsewhere.url, { redirect: 'manual' });
  assert.equal(new URL(headers.get('location')).searchParams.get('error'), 'invalid_target');
  const { url, verifier } = authorizationRequest(sandbox, { resource: sandbox.baseUrl });
  const { body } = await exchange(sandbox, await approve(url), verifier);
  assert.equal((await get(sandbox, '/accounts', body.access_token)).status, 200);
  const renewed = (await refresh(sandbox, body.refresh_token)).body.access_token;
  assert.equal((await get(sandbox, '/accounts', renewed)).status, 200);
});

describe('the pages', async () => {
  const browser = await launchChromium();
  after(() => browser.close());
  const walk = async (authorizationDetails) => {
    const client = await createClient(publicOptions(sandbox));
    const { url } = await client.beginAuthorization({ authorizationDetails });
    const page = await browser.newPage({ javaScriptEnabled: true });
    await page.goto(url);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill('sandbox-anna');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Choose accounts' }).waitFor();
    return page;
  };

  it('show what was asked for, and nothing else', async () => {
    const page = await walk({ accounts: [{ iban: IBAN }], transactions: false, validUntil: inDays(20) });
    assert.equal(await page.getByRole('checkbox').count(), 1);
    assert.ok(await page.getByRole('checkbox').isChecked());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Confirm access' }).waitFor();
    assert.deepEqual(await page.locator('.shared li').allTextContents(), [
      'Account names, numbers and holder',
      'Balances',
    ]);
    assert.equal(await page.locator('time').last().getAttribute('datetime'), inDays(20));
    await assertAccessible(page, 'consent');
    await page.close();
  });

  it('offer nothing but the way back where the customer holds no such account', async () => {
    const page = await walk({ accounts: [{ accountId: 'acc_james_current' }] });
    assert.equal(await page.getByRole('checkbox').count(), 0);
    await assertAccessible(page, 'no accounts');
    assert.ok(await page.getByRole('button', { name: 'Go back to Oakford demo page' }).isVisible());
    await page.close();
    const { url } = await (await createClient(publicOptions(sandbox))).beginAuthorization({
      authorizationDetails: { accounts: [{ accountId: 'acc_james_current' }] },
    });
    await assert.rejects(approve(url, { user: 'anna' }), /stopped at .*\/accounts: .*don’t hold/);
    await assert.rejects(deny(url, { user: 'anna' }), /stopped at .*\/accounts/);
  });
});
