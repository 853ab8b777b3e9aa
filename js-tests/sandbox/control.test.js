// What a test steers and sees: clock, consents, the log of requests, the end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as tcp } from 'node:net';
import { it } from 'node:test';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { until } from '../support/time.mjs';
import { allTransactions, authorizationRequest, connect, get, refresh, sandboxFor } from './plain-client.js';

const DAY = 86_400_000;

it('lets access tokens expire when the clock moves, and refreshes them', async (t) => {
  const sandbox = await sandboxFor(t, { accessTokenTtl: 300 });
  const { access_token, refresh_token } = await connect(sandbox);
  sandbox.clock.advance(299_000);
  assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
  sandbox.clock.advance(2_000);
  assert.equal((await get(sandbox, '/accounts', access_token)).body.error, 'invalid_token');
  const { body } = await refresh(sandbox, refresh_token);
  assert.equal((await get(sandbox, '/accounts', body.access_token)).status, 200);
});

it('lets refresh tokens expire', async (t) => {
  const sandbox = await sandboxFor(t);
  const { refresh_token } = await connect(sandbox);
  sandbox.clock.advance(31 * DAY);
  assert.equal((await refresh(sandbox, refresh_token)).body.error, 'invalid_grant');
});

it('lets consents expire, and says so', async (t) => {
  const sandbox = await sandboxFor(t, { consentDays: 10 });
  const { access_token, refresh_token } = await connect(sandbox);
  const { body } = await get(sandbox, '/accounts/acc_anna_current', access_token);
  assert.equal(Math.round((Date.parse(body.consent_expires_at) - Date.now()) / DAY), 10);
  sandbox.clock.advance(11 * DAY);
  const fresh = (await refresh(sandbox, refresh_token)).body.access_token;
  const { status, body: error } = await get(sandbox, '/accounts', fresh);
  assert.equal(status, 403);
  assert.equal(error.error, 'consent_expired');
});

it('tells a withdrawn consent from an expired one', async (t) => {
  const sandbox = await sandboxFor(t);
  const { access_token } = await connect(sandbox);
  sandbox.consents.setExpiry('2020-01-01T00:00:00Z');
  assert.equal((await get(sandbox, '/accounts', access_token)).body.error, 'consent_expired');
  sandbox.consents.revoke();
  assert.equal((await get(sandbox, '/accounts', access_token)).body.error, 'consent_revoked');
  assert.equal(sandbox.consents.list()[0].status, 'revoked');
});

it('books pending rows and adds new ones as days go by, and changes no booked row', async (t) => {
  const sandbox = await sandboxFor(t, { rateLimit: false, now: '2026-03-10T12:00:00Z' });
  const { access_token, refresh_token } = await connect(sandbox);
  const earlier = await allTransactions(sandbox, 'acc_anna_current', access_token);
  sandbox.clock.advance(7 * DAY);
  const later = await allTransactions(
    sandbox,
    'acc_anna_current',
    (await refresh(sandbox, refresh_token)).body.access_token,
  );
  const booked = earlier.filter(({ status }) => status !== 'pending');
  assert.deepEqual(later.slice(-booked.length), booked);
  const newlyBooked = later.slice(0, -booked.length).filter(({ status }) => status === 'booked');
  const fate = (row) => `${row.transaction_date} ${row.creditor_name} ${row.transaction_amount.amount}`;
  const became = new Set(newlyBooked.map(fate));
  for (const row of earlier.filter(({ status }) => status === 'pending'))
    assert.ok(became.has(fate(row)), fate(row));
});

it('moves its clock over HTTP', async (t) => {
  const sandbox = await sandboxFor(t);
  const begun = sandbox.clock.offset;
  const post = (body) =>
    fetch(`${sandbox.origin}/_sandbox/clock`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await (await post({ set: '2030-06-01T00:00:00Z' })).json()).now, '2030-06-01T00:00:00Z');
  assert.equal(sandbox.clock.today(), '2030-06-01');
  await post({ advance_seconds: 86_400 });
  assert.equal(sandbox.clock.today(), '2030-06-02');
  await post({ reset: true });
  assert.equal(sandbox.clock.offset, begun);
  assert.equal((await post({ set: 'soon' })).status, 400);
});

it('logs requests without secrets, yet tells equal secrets from others', async (t) => {
  const sandbox = await sandboxFor(t);
  const first = await connect(sandbox, { client: sandbox.clients.server });
  await get(sandbox, '/accounts', first.access_token, { headers: { 'X-Request-ID': 'seen' } });
  await get(sandbox, '/accounts', first.access_token);
  const second = (await refresh(sandbox, first.refresh_token, { client: sandbox.clients.server })).body;
  await get(sandbox, '/accounts', second.access_token);

  assert.equal(sandbox.requests.count({ grantType: 'refresh_token' }), 1);
  const calls = sandbox.requests.filter({ method: 'GET', path: '/aisp/v1/accounts' });
  assert.equal(calls.length, 3);
  assert.equal(calls[0].requestId, 'seen');
  assert.equal(calls[0].clientId, 'oakford-demo-server');
  assert.equal(calls[0].status, 200);
  const [a, b, c] = calls.map(({ headers }) => headers.authorization);
  assert.match(a, /^Bearer sha256:[0-9a-f]{16}$/);
  assert.equal(a, b);
  assert.notEqual(a, c);

  const all = JSON.stringify([...sandbox.requests]);
  const secrets = [
    first.access_token,
    first.refresh_token,
    second.access_token,
    sandbox.clients.server.clientSecret,
  ];
  for (const secret of secrets) assert.ok(!all.includes(secret));
  assert.ok(!all.includes(sandbox.users[0].password));
});

it('says over HTTP what it knows', async (t) => {
  const sandbox = await sandboxFor(t);
  const info = await (await fetch(`${sandbox.origin}/_sandbox/info`)).json();
  assert.equal(info.baseUrl, sandbox.baseUrl);
  assert.deepEqual(info.clients, JSON.parse(JSON.stringify(sandbox.clients)));
  assert.deepEqual(info.users, sandbox.users);
});

it('stops within a second, open connections and all', async () => {
  const sandbox = await startSandbox();
  await fetch(`${sandbox.origin}/oauth/jwks`);
  sandbox.faults.add({ fault: 'hang' });
  const hanging = fetch(`${sandbox.baseUrl}/accounts`).catch((error) => error);
  const idle = tcp(sandbox.port, '127.0.0.1').on('error', () => {});
  await Promise.all([
    until(() => sandbox.requests.count({ path: '*/accounts' }) === 1),
    once(idle, 'connect'),
  ]);
  const begun = Date.now();
  await sandbox.close();
  assert.ok(Date.now() - begun < 1000);
  assert.ok((await hanging) instanceof TypeError);
  idle.destroy();
  await assert.rejects(fetch(sandbox.origin));
  await sandbox.close();
});

it('says at which page a scripted customer got stuck', async (t) => {
  const sandbox = await sandboxFor(t);
  const { url } = authorizationRequest(sandbox);
  await assert.rejects(approve(url, { password: 'wrong' }), /stopped at .*\/login: .*don’t fit together/);
  await assert.rejects(
    approve(url, { accounts: ['acc_james_card'] }),
    /stopped at .*\/accounts: .*at least one account/,
  );
});

it('survives requests that no client should send', async (t) => {
  const sandbox = await sandboxFor(t);
  const statusOf = (path) =>
    new Promise((resolve, reject) => {
      const socket = tcp(sandbox.port, '127.0.0.1', () => {
        socket.end(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
      });
      socket.setEncoding('latin1').once('data', (head) => resolve(Number(head.split(' ')[1])));
      socket.on('error', reject);
    });
  for (const path of [
    '//',
    '//aisp/v1',
    '/%',
    '/connect/%zz/bank',
    '/aisp/v1/accounts/%zz',
    '/?%zz=%zz',
    '*',
  ]) {
    const status = await statusOf(path);
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
  }
  t.mock.method(console, 'error', () => {});
  sandbox.faults.add({ fault: 'status', headers: { 'X-Impossible': 'line\nbreak' } });
  await assert.rejects(fetch(`${sandbox.baseUrl}/accounts`));
  assert.equal((await get(sandbox, '/accounts')).status, 401);
});

it('gives its port free again when it can’t start', async () => {
  const { port, close } = await startSandbox();
  await close();
  await assert.rejects(startSandbox({ port, clients: [{ client_id: '' }] }));
  const again = await startSandbox({ port });
  await again.close();
});

it('refuses a port that is taken', async (t) => {
  const sandbox = await sandboxFor(t);
  await assert.rejects(startSandbox({ port: sandbox.port }), { code: 'EADDRINUSE' });
});
