/** The sandbox's faults in words, and what the SDK makes of each. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { approve, faultsOn } from '@oakford/aisp-sandbox/testing';
import { clientOf, connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
afterEach(() => sandbox.faults.clear());

const once = { maxRetries: 0 };

test('a burst of 429 is waited out', async () => {
  const { session } = await connect(sandbox);
  const fault = faultsOn(sandbox, '/accounts').times(2).tooManyRequests({ retryAfter: 0.2 });
  const started = performance.now();
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(fault.hits, 2);
  assert.ok(performance.now() - started >= 400);
});

test('a fault hits as many requests as it should, after those that it should let pass', async () => {
  const { session } = await connect(sandbox, once);
  const fault = faultsOn(sandbox, '/accounts', 'GET')
    .skip(1)
    .times(2)
    .answers(404, { body: { error: 'x' } });
  const seen = [];
  for (let n = 0; n < 4; n++)
    seen.push(
      await session.accounts().then(
        () => 200,
        (error) => error.status,
      ),
    );
  assert.deepEqual(seen, [200, 404, 404, 200]);
  assert.equal(fault.hits, 2);
});

test('bodies that drip or stall are read to their end, and time out as a whole', async () => {
  const { session } = await connect(sandbox, once);
  faultsOn(sandbox, '/accounts').drips({ bytes: 300, delayMs: 10 });
  assert.equal((await session.accounts()).items.length, 3);
  faultsOn(sandbox, '/accounts').stalls(60);
  assert.equal((await session.accounts()).items.length, 3);
  faultsOn(sandbox, '/accounts').stalls(5000);
  const error = await rejection(session.accounts({ timeoutMs: 100 }));
  assert.deepEqual([error.name, error.code, error.requestSent], ['TimeoutError', 'timeout', 'yes']);
  faultsOn(sandbox, '/accounts').hangs();
  assert.equal((await rejection(session.accounts({ timeoutMs: 100 }))).requestSent, 'unknown');
});

test('an expired and a revoked consent are ConsentErrors, and pass where they were a fault only', async () => {
  const { session } = await connect(sandbox);
  for (const [name, code] of [
    ['consentExpired', 'consent_expired'],
    ['consentRevoked', 'consent_revoked'],
  ]) {
    faultsOn(sandbox, '/accounts*')[name]();
    const error = await rejection(session.accounts());
    assert.deepEqual(
      [error.name, error.code, error.reauthRequired, error.retryable],
      ['ConsentError', code, true, false],
    );
  }
  assert.equal((await session.accounts()).items.length, 3);
});

test('a server that gives the same cursor again ends the listing with an error and a checkpoint', async () => {
  const { session } = await connect(sandbox);
  faultsOn(sandbox, '/accounts/*/transactions').skip(1).always().repeatsCursor();
  const rows = [];
  const error = await rejection(async () => {
    for await (const row of session.transactions('acc_anna_pln', { limit: 20 })) rows.push(row);
  });
  assert.deepEqual([error.name, error.code], ['ResponseError', 'cursor_repeated']);
  assert.equal(rows.length, 20);
  sandbox.faults.clear();
  const { checkpoint } = error;
  const [next] = await session.transactions('acc_anna_pln', { limit: 20, checkpoint }).all({ limit: 1 });
  const all = await session.transactions('acc_anna_pln').all({ limit: 21 });
  assert.deepEqual(next, all[20]);
});

test('keys that were rotated are fetched again', async (t) => {
  sandbox.requests.clear();
  const client = await clientOf(sandbox);
  const complete = async () => {
    const { url, pending } = await client.beginAuthorization();
    return client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
  };
  faultsOn(sandbox, '/oauth/jwks').staleKeys();
  assert.equal((await rejection(complete())).code, 'id_token_signature');
  // Unknown keys don't lead to a request each: half a minute later they do.
  const { now } = Date;
  t.mock.method(Date, 'now', () => now() + 31_000);
  assert.equal((await (await complete()).accounts()).items.length, 3);
  assert.equal(sandbox.requests.count({ path: '/oauth/jwks' }), 2);
});

test('a server whose clock is wrong delays nothing beyond what it means', async () => {
  const { session } = await connect(sandbox);
  for (const skewMs of [-3_600_000, 3_600_000]) {
    const date = new Date(Date.now() + skewMs).toUTCString();
    const retryAfter = new Date(Date.now() + skewMs + 1000).toUTCString();
    faultsOn(sandbox, '/accounts').tooManyRequests({ retryAfter, headers: { date } });
    faultsOn(sandbox, '/accounts').skewsClock(skewMs);
    const started = performance.now();
    assert.equal((await session.accounts()).items.length, 3);
    const took = performance.now() - started;
    assert.ok(took >= 900 && took < 5000, `${took} ms`);
  }
});

test('resets, cuts, pages of a proxy and redirects are errors of their own', async () => {
  const { session } = await connect(sandbox, once);
  for (const [name, code, argument] of [
    ['resetsBefore', 'network_error'],
    ['resetsAfter', 'network_error'],
    ['cutsBody', 'body_interrupted'],
    ['badGateway', 'http_502'],
    ['emptyBody', 'empty_body'],
    ['redirects', 'unexpected_redirect', 'https://evil.example/'],
  ]) {
    faultsOn(sandbox, '/accounts')[name](argument);
    assert.equal((await rejection(session.accounts())).code, code, name);
    assert.equal((await session.accounts()).items.length, 3);
  }
  faultsOn(sandbox, '/accounts').delays(30);
  assert.equal((await session.accounts()).items.length, 3);
});
