/** What comes of a refresh: not sent, rejected, unknown; and what each of them means to the session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore, OAuthError } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { callAtOnce, clientOf, connect, connectWith, fapiOptions } from '../support/clients.mjs';
import { fetchWith, isTokenRequest, recorder } from '../support/fetch.mjs';
import { jwt } from '../support/jwt.mjs';
import { CLOSED_PORT } from '../support/machine.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';
import { json, serve } from '../support/server.mjs';
import { storedSession } from '../support/stored-session.mjs';
import { HOUR_MS, pause } from '../support/time.mjs';

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

test('R5 R6 a refresh that never left is tried again, and costs nobody a login', async () => {
  let refused = 2;
  const fetchOver = (url, init) =>
    fetch(isTokenRequest(url) && refused-- > 0 ? `http://127.0.0.1:${CLOSED_PORT}/oauth/token` : url, init);
  const first = await ended();
  const client = await clientOf(sandbox, { tokenStore: first.tokenStore, fetch: fetchOver });
  const session = await client.session();
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(refused, -1);
  assert.equal(refreshes(sandbox), 1);
});

test('R5 R6 where the server stays away the error is retryable, and the session lives on', async () => {
  let away = false;
  const fetchOver = (url, init) =>
    fetch(away && isTokenRequest(url) ? `http://127.0.0.1:${CLOSED_PORT}/oauth/token` : url, init);
  const { session } = await ended({ fetch: fetchOver });
  away = true;
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.requestSent, error.retryable, error.reauthRequired],
    ['NetworkError', 'connection_failed', 'no', true, false],
  );
  away = false;
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(refreshes(sandbox), 1);
});

for (const fault of ['reset_before', 'empty_200']) {
  test(`R7 ${fault}: the refresh token is sent once more when the server did not use it`, async () => {
    const { session } = await ended();
    sandbox.faults.add({ match: TOKEN, fault });
    assert.equal((await session.accounts()).items.length, 3);
    assert.deepEqual([tokenRequests(sandbox), refreshes(sandbox)], [2, 1]);
  });
}

// The three kinds of servers, each of which used the refresh token and whose answer was lost.
for (const refreshTokens of ['keep', 'grace']) {
  for (const fault of ['reset_after', 'cut_body']) {
    test(`R7 ${fault}: the session goes on when the server has refreshTokens '${refreshTokens}'`, async () => {
      const server = await sandboxForFile({ refreshTokens });
      const { session } = await ended({}, server);
      server.faults.add({ match: TOKEN, fault });
      assert.equal((await session.accounts()).items.length, 3);
      assert.equal(tokenRequests(server), 2);
      await session.refresh();
      assert.equal((await session.accounts()).items.length, 3);
    });
  }
}

test('R7 the repetition has a proof and an assertion of its own, with the keys of the first attempt', async () => {
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

for (const fault of ['reset_after', 'cut_body']) {
  test(`R7 ${fault}: the refusal of a server that detects reuse is final`, async () => {
    const { client, session, tokenStore } = await ended();
    sandbox.faults.add({ match: TOKEN, fault });
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
}

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

for (const fault of [
  { fault: 'reset_before' },
  { fault: 'status', status: 504, body: 'Gateway Timeout' },
  { fault: 'status', status: 200, body: '<html>Please wait</html>', contentType: 'text/html' },
  { fault: 'status', status: 200, body: { error: 'temporarily_unavailable' } },
]) {
  const title = [fault.fault, fault.status, fault.body?.error].filter(Boolean).join(' ');
  test(`R7 ${title}: all holders of the session keep the token and share the backoff when no answer arrives`, async (t) => {
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
}

test('R7 an early refresh without an answer is repeated once, and then not while the access token works', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const server = await sandboxForFile({ accessTokenTtl: 1_000 });
  // Without ID tokens, whose instants would be checked against the server's clock, which is not mocked.
  const { session } = await connect(server, { scope: ['accounts', 'offline_access'] });
  server.requests.clear();
  server.faults.add({ match: TOKEN, fault: 'reset_before', times: null });
  t.mock.timers.setTime(Date.now() + 971_000);
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(tokenRequests(server), 2);
  t.mock.timers.setTime(Date.now() + 20_000);
  assert.equal((await session.accounts()).items.length, 3);
  assert.deepEqual(factsOf(await rejection(session.refresh())), UNKNOWN);
  assert.equal(tokenRequests(server), 2);
  server.faults.clear();
  t.mock.timers.setTime(Date.now() + 15_000);
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(tokenRequests(server), 3);
});

test('R5 a refusal with status 200 is a refusal', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'status', status: 200, body: { error: 'invalid_grant' } });
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.status, error.reauthRequired],
    ['OAuthError', 'invalid_grant', 200, true],
  );
  assert.equal(tokenRequests(sandbox), 1);
});

test('R5 a client that is refused with status 200 keeps its session', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'status', status: 200, body: { error: 'invalid_client' } });
  const error = await rejection(session.accounts());
  assert.deepEqual([error.name, error.code, error.reauthRequired], ['OAuthError', 'invalid_client', false]);
  assert.equal((await session.accounts()).items.length, 3);
});

test('R7 after an unknown outcome the store is read again: what another stored meanwhile is used', async () => {
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

test('R7 a server that is known not to rotate is sent the token again', async () => {
  let answers = 0;
  let drops = 0;
  const origin = await serve((request, response) => {
    if (request.url === '/oauth/token') {
      if (drops-- > 0) return request.socket.destroy();
      answers += 1;
      return json(response, {
        access_token: `a-${answers}`,
        token_type: 'Bearer',
        refresh_token: 'constant',
      });
    }
    if (request.url === '/aisp/v1/accounts') return json(response, { accounts: [] });
    response.writeHead(404).end();
  });
  const tokenStore = memoryStore();
  await tokenStore.compareAndSwap(
    'session:default',
    null,
    storedSession(origin, { accessToken: 'a-0', refreshToken: 'constant', scope: '' }),
  );
  const session = await (
    await clientOf(sandbox, {
      environment: { baseUrl: `${origin}/aisp/v1` },
      clientId: 'test',
      clientSecret: undefined,
      tokenStore,
    })
  ).session();
  await session.refresh();
  drops = 2;
  await session.refresh();
  assert.equal(answers, 2);
});

test('B17 a refusal is final: it says that the customer has to connect again, and is not asked for twice', async () => {
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
  { fault: 'html_502' },
  { fault: 'rate_limited', retryAfter: 1 },
  { fault: 'status', status: 503, body: { error: 'temporarily_unavailable' } },
]) {
  test(`R5 a token endpoint that answers ${fault.status ?? fault.fault} costs nobody a login`, async () => {
    const { session } = await ended();
    sandbox.faults.add({ match: TOKEN, ...fault });
    const error = await rejection(session.accounts());
    assert.deepEqual([error.retryable, error.reauthRequired], [true, false]);
    assert.equal((await session.accounts()).items.length, 3);
  });
}

test('a slow token endpoint makes calls late, but the refresh goes on, and a later call uses what came of it', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'latency', delayMs: 1_500 });
  const errors = await Promise.all(
    Array.from({ length: 5 }, () => rejection(session.accounts({ timeoutMs: 400 }))),
  );
  for (const error of errors) {
    assert.deepEqual(
      [error.name, error.code, error.retryable, error.reauthRequired],
      ['TimeoutError', 'timeout', true, false],
    );
  }
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(refreshes(sandbox), 1);
});

test('an abort or a deadline ends the call and not the refresh', async () => {
  const { session } = await ended();
  sandbox.faults.add({ match: TOKEN, fault: 'latency', delayMs: 700 });
  const aborted = rejection(session.accounts({ signal: AbortSignal.timeout(100) }));
  const late = rejection(session.accounts({ deadlineMs: 200 }));
  assert.deepEqual([(await aborted).name, (await late).code], ['AbortError', 'deadline_exceeded']);
  await pause(900);
  assert.deepEqual(new Set(await callAtOnce(session, 3)).size, 1);
  assert.equal(refreshes(sandbox), 1);
});
