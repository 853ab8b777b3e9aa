// An application's own tests against a sandbox, with Node's test runner.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from '@oakford/aisp';
import { approve, faultsOn, startSandbox } from '@oakford/aisp-sandbox/testing';

let sandbox;
let session;
before(async () => {
  sandbox = await startSandbox();
});
beforeEach(async () => {
  sandbox.scenarios.load('overdrawn'); // and no fault of the test before
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: 'http://127.0.0.1:3000/callback',
    maxRetries: 0,
  });
  const { url, pending } = await client.beginAuthorization();
  session = await client.completeAuthorization(await approve(url, { user: 'james' }), pending);
});
after(() => sandbox.close());

test('James is overdrawn', async () => {
  const { items } = await session.balances('acc_james_current');
  const booked = items.find(({ balanceType }) => balanceType === 'interim_booked');
  assert.equal(booked.balanceAmount.amount, '-418.70');
});

test('a bank that is down is an error, and no empty account', async () => {
  sandbox.scenarios.load('bank-down');
  await assert.rejects(async () => session.balances('acc_james_current'), { code: 'provider_unavailable' });
});

test('the third page fails', async () => {
  faultsOn(sandbox, '/accounts/*/transactions').skip(2).badGateway();
  const rows = session.transactions('acc_james_current', { limit: 50 }).all({ limit: 500 });
  await assert.rejects(rows, { status: 502 });
});
