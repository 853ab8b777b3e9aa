/** Calls keep to the rate limit, the waiting person first, sessions in turn. Time is the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { REDIRECT_URI } from '../support/clients.mjs';
import { fakeFetch } from '../support/fetch.mjs';
import { rejection } from '../support/rejection.mjs';
import { FAKE_ORIGIN, newClientId, storedSession } from '../support/stored-session.mjs';
import { fakeTime, settled } from '../support/time.mjs';

/** Creates a client with sessions of these keys; `calls` holds what was sent and when. */
async function clientWith(keys, options = {}, answer = () => 200) {
  const { fetch, calls } = fakeFetch(answer);
  const { clientId = newClientId() } = options;
  const tokenStore = memoryStore();
  const client = await createClient({
    environment: { baseUrl: `${FAKE_ORIGIN}/aisp/v1`, issuer: FAKE_ORIGIN },
    redirectUri: REDIRECT_URI,
    tokenStore,
    fetch,
    ...options,
    clientId,
  });
  const sessions = [];
  for (const key of keys) {
    const tokens = storedSession(FAKE_ORIGIN, { clientId, accessToken: `token-${key}` });
    await tokenStore.compareAndSwap(`session:${key}`, null, tokens);
    sessions.push(await client.session(key));
  }
  return { client, sessions, calls, clientId };
}

/** The most calls in any window of so many milliseconds. */
function busiest(calls, ms) {
  return Math.max(...calls.map(({ at }) => calls.filter((c) => c.at >= at && c.at < at + ms).length));
}

const whose = ({ init }) => init.headers.authorization.slice('Bearer token-'.length);

test('no more calls go out than both windows allow, and nearly as many', async (t) => {
  const time = fakeTime(t);
  const { sessions, calls } = await clientWith(['a'], { rateLimit: { perMinute: 40, per10Seconds: 10 } });
  const all = Array.from({ length: 100 }, () =>
    sessions[0].account('a', { deadlineMs: 600_000 }).then(() => {}),
  );
  await time.pass(140_000, 250);
  await Promise.all(all);
  assert.equal(busiest(calls, 10_000), 10);
  assert.equal(busiest(calls, 60_000), 40);
  assert.ok(calls.at(-1).at < 135_000, String(calls.at(-1).at));
});

test('the published limits hold for the environments by themselves', async () => {
  const { client, calls } = await clientWith([], { environment: 'sandbox' });
  assert.deepEqual(client.rateLimit.state(), { limit: 50, remaining: 50, queued: 0 });
  assert.equal(client.rateLimit.estimate(50), 0);
  assert.ok(client.rateLimit.estimate(51) >= 10_000);
  assert.ok(client.rateLimit.estimate(101) >= 60_000);
  assert.equal(calls.length, 0);
});

test('a waiting person goes before a nightly sync', async (t) => {
  const time = fakeTime(t);
  const { sessions, calls } = await clientWith(['sync', 'person'], { rateLimit: { per10Seconds: 2 } });
  const [sync, person] = sessions;
  const nightly = Array.from({ length: 8 }, () =>
    sync.account('a', { priority: 'background' }).then(() => {}),
  );
  await settled();
  const waiting = person.account('a', { priority: 'interactive' }).then(() => {});
  await time.pass(60_000, 500);
  await Promise.all([...nightly, waiting]);
  assert.deepEqual(calls.slice(0, 4).map(whose), ['sync', 'sync', 'person', 'sync']);
});

test('sessions take turns, however much one of them wants', async (t) => {
  const time = fakeTime(t);
  const { sessions, calls } = await clientWith(['a', 'b', 'c'], { rateLimit: { per10Seconds: 1 } });
  const want = [sessions[0], sessions[0], sessions[0], sessions[1], sessions[2]];
  const all = want.map((session) => session.account('a', { deadlineMs: 600_000 }).then(() => {}));
  await time.pass(60_000, 500);
  await Promise.all(all);
  // The first is sent at once, before anybody else is there.
  assert.deepEqual(calls.map(whose), ['a', 'a', 'b', 'c', 'a']);
});

test('clients of one client id share its limit', async (t) => {
  const time = fakeTime(t);
  const rateLimit = { per10Seconds: 3 };
  const one = await clientWith(['a'], { rateLimit });
  const other = await clientWith(['b'], { rateLimit, clientId: one.clientId });
  const all = [one, other].flatMap(({ sessions }) =>
    [1, 2].map(() => sessions[0].account('a').then(() => {})),
  );
  await settled();
  assert.equal(one.calls.length + other.calls.length, 3);
  assert.deepEqual([one.client.rateLimit.state().queued, other.client.rateLimit.state().remaining], [1, 0]);
  await time.pass(11_000, 500);
  await Promise.all(all);
});

test('what answers tell of a limit is learnt', async (t) => {
  const time = fakeTime(t);
  const headers = (n) => ({
    'ratelimit-policy': '"d";q=5;w=10',
    ratelimit: `"d";r=${4 - ((n - 1) % 5)};t=10`,
  });
  const { client, sessions, calls } = await clientWith(['a'], {}, (n) => [200, headers(n)]);
  await sessions[0].account('a');
  const all = Array.from({ length: 9 }, () => sessions[0].account('a').then(() => {}));
  await settled();
  assert.equal(client.rateLimit.state().limit, 5);
  assert.equal(calls.length, 5);
  await time.pass(31_000, 500);
  await Promise.all(all);
  assert.equal(busiest(calls, 10_000), 5);
});

test('events: a call that waits is one, with its priority and the end of the wait', async (t) => {
  const time = fakeTime(t);
  const events = [];
  const { sessions } = await clientWith(['a'], {
    rateLimit: { per10Seconds: 1 },
    onEvent: (event) => events.push(event),
  });
  await sessions[0].account('a');
  const second = sessions[0].account('a', { priority: 'background' }).then(() => {});
  await settled();
  const wait = events.find(({ type }) => type === 'wait');
  assert.deepEqual([wait.priority, wait.queued], ['background', 1]);
  assert.ok(Date.parse(wait.until) > time.start + 9000);
  await time.pass(11_000, 500);
  await second;
  assert.deepEqual(
    events.filter(({ call }) => call === wait.call).map(({ type }) => type),
    ['wait', 'request', 'response'],
  );
});

const HOUR = 3_600_000;

for (const retryAfter of ['999999999', '99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
  test(`long refusals: Retry-After ${retryAfter} is at most a day, and one call probes after an hour`, async (t) => {
    const time = fakeTime(t);
    let refuses = true;
    const answer = () => (refuses ? [429, { 'retry-after': retryAfter }] : 200);
    const { client, sessions, calls } = await clientWith(['a'], { maxRetries: 0 }, answer);
    const refused = await rejection(sessions[0].account('a'));
    const day = new Date(time.start + 24 * HOUR).toISOString();
    assert.deepEqual([refused.code, refused.retryAt], ['http_429', day]);
    const { pausedUntil, probeAt } = client.rateLimit.state();
    assert.deepEqual([pausedUntil, probeAt], [day, new Date(time.start + HOUR).toISOString()]);
    const waiting = await rejection(sessions[0].account('a'));
    assert.deepEqual([waiting.code, waiting.retryAt], ['rate_limit_wait', probeAt]);

    // Refused again, the probe is the only one for the next hour.
    await time.pass(HOUR);
    const three = [1, 2, 3].map(() => rejection(sessions[0].account('a')));
    await time.settled();
    assert.deepEqual(
      (await Promise.all(three)).map(({ code }) => code),
      ['http_429', 'rate_limit_wait', 'rate_limit_wait'],
    );
    assert.equal(calls.length, 2);

    // Answered, it ends the refusal for all.
    refuses = false;
    await time.pass(HOUR);
    await sessions[0].account('a');
    assert.equal('pausedUntil' in client.rateLimit.state(), false);
    await Promise.all([1, 2, 3].map(() => sessions[0].account('a').then(() => {})));
    assert.equal(calls.length, 6);
  });
}

test('long refusals: a quota that is used up for longer than a day is probed after an hour too', async (t) => {
  const time = fakeTime(t);
  const spent = { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999999' };
  const { client, sessions } = await clientWith(['a'], {}, (n) => (n === 1 ? [200, spent] : 200));
  await sessions[0].account('a');
  const { resetsAt, probeAt } = client.rateLimit.state();
  assert.deepEqual(
    [resetsAt, probeAt],
    [24 * HOUR, HOUR].map((ms) => new Date(time.start + ms).toISOString()),
  );
  assert.equal((await rejection(sessions[0].account('a'))).retryAt, probeAt);
  await time.pass(HOUR);
  await sessions[0].account('a');
  assert.equal('probeAt' in client.rateLimit.state(), false);
});

test('calls to the authorization server do not count', async () => {
  const { client, calls } = await clientWith(['a'], { rateLimit: { per10Seconds: 1 } }, (_, url) =>
    url.includes('.well-known') ? 404 : 200,
  );
  for (let n = 0; n < 5; n++) await client.beginAuthorization();
  assert.equal(client.rateLimit.state().remaining, 1);
  assert.equal(calls.length, 1);
});

test('wrong limits are named', async () => {
  for (const [rateLimit, path] of [
    [true, 'rateLimit'],
    [{ perMinute: 0 }, 'rateLimit.perMinute'],
    [{ perSecond: 1 }, 'rateLimit.perSecond'],
  ]) {
    assert.equal((await rejection(clientWith([], { rateLimit }))).path, path);
  }
  const { client } = await clientWith([]);
  assert.throws(() => client.rateLimit.estimate(-1), { code: 'invalid_option', path: 'calls' });
});
