/** What comes of a refresh: not sent, rejected, unknown; and what each of them means to the session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore, OAuthError } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { clientOf, connect, connectWith, fapiOptions } from '../support/clients.mjs';
import { fetchWith, isTokenRequest, recorder } from '../support/fetch.mjs';
import { jwt } from '../support/jwt.mjs';
import { CLOSED_PORT } from '../support/machine.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const TOKEN = { path: '/oauth/token' };

/** A session whose access token the sandbox has ended, over a store of its own. */
async function ended(options = {}, server = sandbox) {
  const tokenStore = memoryStore();
  const connected = await connect(server, { tokenStore, ...options });
  server.clock.advance(2 * HOUR_MS);
  server.requests.clear();
  return { ...connected, tokenStore };
}

test('refresh-outcome, not-sent: is sent again and costs nobody a login when it was not sent', async () => {
  let refused = 1;
  const fetchOver = (url, init) =>
    fetch(isTokenRequest(url) && refused-- > 0 ? `http://127.0.0.1:${CLOSED_PORT}/oauth/token` : url, init);
  const first = await ended();
  const client = await clientOf(sandbox, { tokenStore: first.tokenStore, fetch: fetchOver });
  const session = await client.session();
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(refused, -1);
  assert.equal(refreshes(sandbox), 1);
});

/** A gateway that fails once after the server used the refresh token: 502 in place of the tokens. */
function failingGateway() {
  let failures = 1;
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!init.body?.includes('grant_type=refresh_token') || failures-- <= 0) return response;
    await response.text();
    return new Response('<h1>Bad Gateway</h1>', { status: 502 });
  };
}

// The server used the refresh token, and its response was lost.
for (const [title, fault, fetchOf] of [
  ['the connection is reset', { match: TOKEN, fault: 'reset_after' }, () => fetch],
  ['a gateway answers 502', undefined, failingGateway],
]) {
  test(`unknown-outcome: the session goes on after ${title} when the server has a grace window`, async () => {
    const server = await sandboxForFile({ refreshTokens: 'grace' });
    const { tokenStore } = await ended({}, server);
    const session = await (await clientOf(server, { tokenStore, fetch: fetchOf() })).session();
    if (fault) server.faults.add(fault);
    assert.equal((await session.accounts()).items.length, 3);
    assert.equal(tokenRequests(server), 2);
    await session.refresh();
    assert.equal((await session.accounts()).items.length, 3);
  });
}

test('unknown-outcome: the repetition has a proof and an assertion of its own, with the keys of the first attempt', async () => {
  const server = await sandboxForFile({ refreshTokens: 'keep' });
  const { fetch, at } = recorder();
  const { session } = await connectWith(fapiOptions(server, { fetch }));
  const before = at('/oauth/token').length;
  server.faults.add({ match: TOKEN, fault: 'reset_after' });
  await session.refresh();
  const [first, again, ...more] = at('/oauth/token').slice(before);
  assert.equal(more.length, 0);
  assert.equal(again.form.get('refresh_token'), first.form.get('refresh_token'));
  const jwts = [first, again].map(({ headers, form }) => ({
    proof: jwt(headers.dpop),
    assertion: jwt(form.get('client_assertion')),
  }));
  assert.deepEqual(jwts[1].proof.header, jwts[0].proof.header);
  assert.deepEqual(jwts[1].assertion.header, jwts[0].assertion.header);
  assert.notEqual(jwts[1].proof.claims.jti, jwts[0].proof.claims.jti);
  assert.notEqual(jwts[1].assertion.claims.jti, jwts[0].assertion.claims.jti);
});

test('unknown-outcome: the refusal of a server that detects reuse is final when the body of the tokens was cut', async () => {
  const { client, session, tokenStore } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'cut_body' });
  const error = await rejection(session.accounts());
  assert.ok(error instanceof OAuthError);
  assert.deepEqual(
    [error.code, error.reauthRequired, error.retryable, error.requestSent],
    ['invalid_grant', true, false, 'yes'],
  );
  const again = await rejection(session.accounts());
  const elsewhere = await rejection((await (await clientOf(sandbox, { tokenStore })).session()).accounts());
  assert.deepEqual([again.code, elsewhere.code], [error.code, error.code]);
  assert.equal(tokenRequests(sandbox), 2);

  const { url, pending } = await client.beginAuthorization();
  await client.completeAuthorization(await approve(url), pending);
  assert.equal((await session.accounts()).items.length, 3);
});

/** What a call rejects with while the outcome is unknown, less its texts. */
const UNKNOWN = {
  name: 'OAuthError',
  code: 'refresh_outcome_unknown',
  requestSent: 'unknown',
  retryable: true,
  reauthRequired: false,
};
const factsOf = ({ name, code, requestSent, retryable, reauthRequired }) => ({
  name,
  code,
  requestSent,
  retryable,
  reauthRequired,
});

test('unknown-outcome: all holders of a session keep the token and share the backoff when no answer arrives', async (t) => {
  const fault = { fault: 'status', status: 200, body: { error: 'temporarily_unavailable' } };
  const { session, tokenStore } = await ended();
  sandbox.faults.add({ match: TOKEN, times: null, ...fault });
  const error = await rejection(session.accounts());
  assert.deepEqual(factsOf(error), UNKNOWN);
  assert.ok(error.cause instanceof Error);
  assert.equal(tokenRequests(sandbox), 2);

  const other = await (await clientOf(sandbox, { tokenStore })).session();
  for (const holder of [session, other]) {
    const early = await rejection(holder.accounts());
    assert.deepEqual([factsOf(early), early.retryAt], [UNKNOWN, error.retryAt]);
  }
  assert.equal(tokenRequests(sandbox), 2);

  t.mock.timers.enable({ apis: ['Date'], now: Date.parse(error.retryAt) });
  const third = await rejection(other.accounts());
  assert.deepEqual(factsOf(third), UNKNOWN);
  assert.equal(tokenRequests(sandbox), 3);
  assert.ok(Date.parse(third.retryAt) - Date.parse(error.retryAt) >= 10_000, third.retryAt);

  t.mock.timers.setTime(Date.parse(third.retryAt));
  sandbox.faults.clear();
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal((await other.accounts()).items.length, 3);
  assert.deepEqual([tokenRequests(sandbox), refreshes(sandbox)], [4, 1]);
});

test('refresh-outcome: a refusal ends the session when its status is 200', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'status', status: 200, body: { error: 'invalid_grant' } });
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.status, error.reauthRequired],
    ['OAuthError', 'invalid_grant', 200, true],
  );
  assert.equal(tokenRequests(sandbox), 1);
});

test('refresh-outcome: the session lives when the client is refused with status 200', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'status', status: 200, body: { error: 'invalid_client' } });
  const error = await rejection(session.accounts());
  assert.deepEqual([error.name, error.code, error.reauthRequired], ['OAuthError', 'invalid_client', false]);
  assert.equal((await session.accounts()).items.length, 3);
});

test('unknown-outcome: tokens that another client stored are used when the outcome is unknown', async () => {
  let meanwhile = async () => {};
  const first = await ended({ fetch: fetchWith({ before: () => meanwhile() }) });
  // The other client knows no lock of this store, as one whose lease had ended.
  const { get, compareAndSwap } = first.tokenStore;
  const other = await (await clientOf(sandbox, { tokenStore: { get, compareAndSwap } })).session();
  meanwhile = async () => {
    await other.refresh();
    sandbox.faults.add({ match: TOKEN, fault: 'reset_before' });
  };
  assert.equal((await first.session.accounts()).items.length, 3);
});

test('final-refusal: a refusal is final, asks for a new connection, and is not requested twice', async () => {
  const { session, tokenStore } = await ended();
  const copy = memoryStore();
  await copy.compareAndSwap('session:default', null, (await tokenStore.get('session:default')).value);
  await (await (await clientOf(sandbox, { tokenStore: copy })).session()).refresh();
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.reauthRequired, error.retryable],
    ['OAuthError', 'invalid_grant', true, false],
  );
  const again = await rejection(session.accounts());
  const elsewhere = await rejection((await (await clientOf(sandbox, { tokenStore })).session()).accounts());
  assert.deepEqual([again.code, elsewhere.code], ['invalid_grant', 'invalid_grant']);
  assert.equal(again.reauthRequired, true);
  assert.equal(refreshes(sandbox), 2);
});

for (const fault of [
  { fault: 'rate_limited', retryAfter: 1 },
  {
    fault: 'status',
    status: 503,
    body: { error: 'temporarily_unavailable' },
    headers: { 'retry-after': '1' },
  },
]) {
  test(`refresh-outcome: the session lives and the token is not repeated when the server declines with ${fault.status ?? fault.fault}`, async () => {
    const { session } = await ended();
    sandbox.faults.add({ match: TOKEN, ...fault });
    const error = await rejection(session.accounts());
    assert.deepEqual([error.retryable, error.reauthRequired], [true, false]);
    assert.equal(tokenRequests(sandbox), 1);
    assert.equal((await session.accounts()).items.length, 3);
  });
}
