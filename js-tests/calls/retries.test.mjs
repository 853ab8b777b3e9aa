/** Which failures are retried, when, and which error follows if they are not. Time is the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, createClient, NetworkError, RateLimitError, TimeoutError } from '@oakford/aisp';
import { fakeFetch } from '../support/fetch.mjs';
import { rejection } from '../support/rejection.mjs';
import { scripted } from '../support/server.mjs';
import { FAKE_ORIGIN, newClientId, sessionAt, sessionWith } from '../support/stored-session.mjs';
import { fakeTime } from '../support/time.mjs';

for (const code of [408, 429, 500, 502, 503, 504]) {
  test(`after ${code} the call is made again, and succeeds`, async (t) => {
    const time = fakeTime(t);
    const { session, calls } = await sessionWith((n) => (n === 1 ? code : 200));
    const read = session.account('a');
    read.then(() => {});
    await time.pass(3000, 100);
    assert.equal((await read).accountId, 'a');
    assert.equal(calls.length, 2);
  });
}

for (const code of [400, 401, 403, 404, 409, 501]) {
  test(`after ${code} it is not`, async () => {
    const { session, calls } = await sessionWith(() => code);
    const error = await rejection(session.account('a'));
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.attempts, calls.length], [code, 1, 1]);
  });
}

test('retries: a server that always fails is asked maxRetries times again, after waits whose bound doubles', async (t) => {
  const time = fakeTime(t);
  const events = [];
  const onEvent = (event) => events.push(event);
  const { session, calls } = await sessionWith(() => 503, { maxRetries: 4, onEvent });
  const failed = rejection(session.account('a'));
  await time.pass(30_000, 50);
  const error = await failed;
  assert.deepEqual([error.status, error.attempts, error.retryable], [503, 5, true]);
  const waits = calls.slice(1).map(({ at }, index) => at - calls[index].at);
  const drawn = events.filter(({ type }) => type === 'retry').map(({ waitMs }) => waitMs);
  // Time passes in steps of 50 ms.
  assert.deepEqual(
    waits,
    drawn.map((wait) => Math.ceil(wait / 50) * 50),
  );
  for (const [index, wait] of drawn.entries())
    assert.ok(wait >= 0 && wait <= 500 * 2 ** index, String(drawn));
});

test('maxRetries: 0 tries once', async () => {
  const { session, calls } = await sessionWith(() => 503, { maxRetries: 0 });
  assert.equal((await rejection(session.account('a'))).attempts, 1);
  assert.equal(calls.length, 1);
});

const later = (ms) => new Date(Date.UTC(2026, 0, 15, 9) + ms).toUTCString();
const retryAfterForms = {
  seconds: ['7', 7000],
  'a fraction of seconds': ['1.5', 1500],
  'an HTTP date': [later(9000), 9000],
  'a date as RFC 850 wrote it': ['Thursday, 15-Jan-26 09:00:08 GMT', 8000],
  'a date as asctime writes it': ['Thu Jan 15 09:00:06 2026', 6000],
  'two values': ['3, 5', 5000],
};

for (const [name, [value, wait]] of Object.entries(retryAfterForms)) {
  test(`Retry-After as ${name} is waited for in full`, async (t) => {
    const time = fakeTime(t);
    const { session, calls } = await sessionWith((n) => (n === 1 ? [429, { 'retry-after': value }] : 200));
    const read = session.account('a').then((found) => found.accountId);
    await time.pass(wait - 1, 500);
    assert.equal(calls.length, 1);
    await time.pass(600, 100);
    assert.equal(await read, 'a');
    assert.ok(calls[1].at >= wait);
  });
}

for (const value of ['-5', 'soon', '', 'Thu, 15 Jan 2026', '1e3', 'NaN', later(-60_000)]) {
  test(`Retry-After: ${JSON.stringify(value)} delays nothing beyond the usual wait`, async (t) => {
    const time = fakeTime(t);
    const { session, calls } = await sessionWith((n) => (n === 1 ? [503, { 'retry-after': value }] : 200));
    const read = session.account('a').then((found) => found.accountId);
    await time.pass(700, 50);
    assert.equal(await read, 'a');
    assert.equal(calls.length, 2);
  });
}

test('a wait that does not fit before the deadline fails at once and says when to come back', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith(() => [429, { 'retry-after': '60' }]);
  const error = await rejection(session.account('a', { deadlineMs: 59_000 }));
  assert.ok(error instanceof RateLimitError);
  assert.equal(error.retryAt, new Date(time.start + 60_000).toISOString());
  assert.equal(calls.length, 1);
});

test('after that, a call that comes too early is not sent at all, and says the same', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith((n) => (n === 1 ? [429, { 'retry-after': '60' }] : 200));
  await rejection(session.account('a', { deadlineMs: 10_000 }));
  const error = await rejection(session.account('a', { deadlineMs: 10_000 }));
  assert.deepEqual(
    [error.name, error.code, error.status, error.requestSent, error.attempts],
    ['RateLimitError', 'rate_limit_wait', undefined, 'no', 0],
  );
  assert.equal(error.retryAt, new Date(time.start + 60_000).toISOString());
  const read = session.account('a').then((found) => found.accountId);
  await time.pass(60_500, 500);
  assert.equal(await read, 'a');
  assert.equal(calls.length, 2);
});

test('with rateLimit: false a 429 holds no other call up', async () => {
  const { session, calls } = await sessionWith((n) => (n === 1 ? [429, { 'retry-after': '60' }] : 200), {
    rateLimit: false,
    maxRetries: 0,
  });
  assert.equal((await rejection(session.account('a'))).code, 'http_429');
  assert.equal((await session.account('a')).accountId, 'a');
  assert.equal(calls.length, 2);
});

test('a connection that breaks, before the answer or within it, is tried again', async () => {
  const cut = (response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write('{"account_id":');
    setTimeout(() => response.destroy(), 20);
  };
  const { origin, at } = await scripted((response) => response.destroy(), cut);
  assert.equal((await (await sessionAt(origin)).account('a')).accountId, 'a');
  assert.equal(at.length, 3);
});

test('an attempt that times out is tried again, and the call ends by its deadline', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith((n) => (n === 1 ? new Promise(() => {}) : 200));
  const read = session.account('a', { timeoutMs: 1000 }).then((found) => found.accountId);
  await time.pass(2000, 100);
  assert.equal(await read, 'a');
  assert.ok(calls[0].init.signal.aborted);
  const hangs = await sessionWith(() => new Promise(() => {}), { maxRetries: 100 });
  const failed = rejection(hangs.session.account('a', { timeoutMs: 1000, deadlineMs: 10_000 }));
  await time.pass(11_000, 50);
  const error = await failed;
  assert.ok(error instanceof TimeoutError);
  assert.ok(hangs.calls.every(({ init }) => init.signal.aborted));
});

test('no answer at all is a NetworkError that counts its attempts', async () => {
  const { session, calls } = await sessionWith(
    () => {
      throw new TypeError('fetch failed');
    },
    { maxRetries: 1 },
  );
  const error = await rejection(session.account('a'));
  assert.ok(error instanceof NetworkError);
  assert.deepEqual([error.code, error.attempts, error.retryable], ['network_error', 2, true]);
  assert.equal(calls.length, 2);
});

test('an outage is not met with a multiple of the usual load', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith(() => 503);
  const failed = Array.from({ length: 300 }, () => rejection(session.account('a')));
  await time.pass(5000, 100);
  for (const error of await Promise.all(failed)) assert.equal(error.status, 503);
  assert.equal(calls.length, 400);
});

test('events: a retry is one, with its wait', async (t) => {
  const time = fakeTime(t);
  const events = [];
  const { session } = await sessionWith((n) => (n === 1 ? [503, { 'retry-after': '2' }] : 200), {
    onEvent: (event) => events.push(event),
  });
  const read = session.account('a');
  read.then(() => {});
  await time.pass(3000, 100);
  await read;
  assert.deepEqual(
    events.map(({ type, attempt, status }) => [type, attempt, status]),
    [
      ['request', 1, undefined],
      ['response', 1, 503],
      ['retry', 1, 503],
      ['request', 2, undefined],
      ['response', 2, 200],
    ],
  );
  assert.equal(new Set(events.map(({ call }) => call)).size, 1);
  assert.equal(new Set(events.map(({ id }) => id)).size, 1);
  assert.ok(events[2].waitMs >= 2000);
  assert.equal(events[3].at - events[2].at >= 2000, true);
});

test('what is posted is never sent twice', async () => {
  const { fetch, calls } = fakeFetch((_, url) => (url.includes('.well-known') ? 404 : 503));
  const client = await createClient({
    environment: { baseUrl: `${FAKE_ORIGIN}/aisp/v1` },
    clientId: newClientId(),
    redirectUri: 'http://127.0.0.1:9/callback',
    scope: ['accounts'],
    fetch,
  });
  const { pending } = await client.beginAuthorization();
  const callback = `http://127.0.0.1:9/callback?code=c&state=${pending.state}`;
  const error = await rejection(client.completeAuthorization(callback, pending));
  assert.deepEqual([error.name, error.status], ['OAuthError', 503]);
  assert.equal(calls.filter(({ init }) => init.method === 'POST').length, 1);
});
