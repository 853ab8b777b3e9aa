/** Consent: its expiry, the event before it, the errors after it, and a new connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsentError, memoryStore } from '@oakford/aisp';
import { clientOf, connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { approve, startSandbox } from '../support/sandbox.mjs';

const DAY_MS = 86_400_000;

async function sandboxFor(t, options = {}) {
  const sandbox = await startSandbox({ rateLimit: false, ...options });
  t.after(() => sandbox.close());
  return sandbox;
}

/** Completes a new authorization under the session's key. */
async function reconnect(client, key = 'default') {
  const { url, pending } = await client.beginAuthorization();
  return client.completeAuthorization(await approve(url, { user: 'anna' }), pending, { key });
}

test('consent: its expiry is known after accounts are read, and after a restart', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  const { session } = await connect(sandbox, { tokenStore });
  assert.equal(session.consent, null);
  await session.accounts();
  const [{ expiresAt }] = sandbox.consents.list();
  // The sandbox's controls go by its own clock, clients by the machine's.
  const expected = Date.parse(expiresAt) - sandbox.clock.offset;
  assert.ok(Math.abs(Date.parse(session.consent.expiresAt) - expected) <= 1000);
  assert.equal(session.consent.daysLeft, 89);

  const restarted = await (await clientOf(sandbox, { tokenStore })).session();
  assert.deepEqual(restarted.consent, session.consent);
  await restarted.refresh();
  assert.deepEqual(restarted.consent, session.consent, 'a refresh keeps it');
});

test('a consent that the bank made longer or shorter is followed', async (t) => {
  const sandbox = await sandboxFor(t);
  const { session } = await connect(sandbox);
  for (const days of [40, 20, 60]) {
    sandbox.consents.setExpiry(new Date(sandbox.clock.now() + (days + 0.5) * DAY_MS));
    await session.accounts();
    assert.equal(session.consent.daysLeft, days);
  }
});

test('consent: one event comes seven days before the expiry, none after a restart, one more after a new consent', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  const consentEvents = [];
  const onEvent = (event) => event.type === 'consent' && consentEvents.push(event);
  const { client, session } = await connect(sandbox, { tokenStore, onEvent });
  await session.accounts();
  assert.equal(consentEvents.length, 0);

  sandbox.consents.setExpiry(new Date(sandbox.clock.now() + 6.5 * DAY_MS));
  await session.accounts();
  await session.accounts();
  await session.balances('acc_anna_current');
  const [{ key, expiresAt, daysLeft }] = consentEvents;
  assert.deepEqual({ key, expiresAt, daysLeft }, { key: 'default', ...session.consent });
  assert.equal(daysLeft, 6);
  const restarted = await (await clientOf(sandbox, { tokenStore, onEvent })).session();
  await restarted.accounts();
  assert.equal(consentEvents.length, 1);

  const renewed = await reconnect(client);
  await renewed.accounts();
  assert.equal(consentEvents.length, 1, 'the new consent has ninety days');
  sandbox.consents.setExpiry(new Date(sandbox.clock.now() + 2.5 * DAY_MS));
  await renewed.accounts();
  assert.deepEqual(
    consentEvents.map(({ daysLeft }) => daysLeft),
    [6, 2],
  );
});

test('consent: the event comes at once when a session is loaded shortly before the expiry', async (t) => {
  const sandbox = await sandboxFor(t, { consentDays: 3 });
  const tokenStore = memoryStore();
  const { session } = await connect(sandbox, { tokenStore });
  await session.accounts();
  const consentEvents = [];
  await (
    await clientOf(sandbox, {
      tokenStore,
      onEvent: ({ type }) => type === 'consent' && consentEvents.push(type),
    })
  ).session();
  assert.equal(consentEvents.length, 1);
});

test('consent: an expired one is a ConsentError with its cure, and a new connection under the key replaces it', async (t) => {
  const sandbox = await sandboxFor(t, { consentDays: 10 });
  const { client, session } = await connect(sandbox);
  await session.accounts();
  sandbox.clock.advance(11 * DAY_MS);
  const error = await rejection(session.accounts());
  assert.ok(error instanceof ConsentError);
  assert.deepEqual([error.code, error.reauthRequired, error.retryable], ['consent_expired', true, false]);
  assert.match(error.message, /beginAuthorization.*same key/);
  await reconnect(client);
  assert.equal((await session.accounts()).items.length, 3);
});

test('a consent that the customer withdrew, and a bank that wants strong authentication, are ConsentErrors too', async (t) => {
  const sandbox = await sandboxFor(t);
  const { session } = await connect(sandbox);
  sandbox.faults.add({
    match: { path: '/aisp/v1/accounts' },
    fault: 'status',
    status: 403,
    body: { error: 'sca_required', error_description: 'Strong customer authentication is needed' },
  });
  const sca = await rejection(session.accounts());
  sandbox.consents.revoke();
  const revoked = await rejection(session.accounts());
  for (const [error, code] of [
    [sca, 'sca_required'],
    [revoked, 'consent_revoked'],
  ]) {
    assert.ok(error instanceof ConsentError);
    assert.deepEqual([error.code, error.reauthRequired], [code, true]);
    assert.match(error.message, /beginAuthorization.*same key/);
  }
});

test('consent: a session continues after another client connected the customer again', async (t) => {
  const sandbox = await sandboxFor(t);
  const tokenStore = memoryStore();
  const { session } = await connect(sandbox, { tokenStore });
  sandbox.consents.revoke();
  await reconnect(await clientOf(sandbox, { tokenStore }));
  assert.equal((await session.accounts()).items.length, 3);
});

test('with the days that pass, pending rows get booked', async (t) => {
  const sandbox = await sandboxFor(t);
  const { session } = await connect(sandbox);
  const pending = await session.transactions('acc_anna_current', { status: 'pending' });
  assert.ok(pending.items.length > 0);
  const ids = new Set(pending.items.map(({ remittanceInformationUnstructured: [text] }) => text));
  sandbox.clock.advance(5 * DAY_MS);
  const booked = await session.transactions('acc_anna_current', { status: 'booked', limit: 500 });
  const found = booked.items.filter(({ remittanceInformationUnstructured: [text] }) => ids.has(text));
  assert.ok(found.length > 0, 'what was pending is booked now');
  assert.ok(found.every(({ bookingDate }) => bookingDate !== undefined));
});
