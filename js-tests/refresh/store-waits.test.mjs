/** A token store that hangs, or never swaps: each wait has a limit, nothing is sent without the lock, and the next call tries again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { fakeFetch } from '../support/fetch.mjs';
import { factsOf, rejection } from '../support/rejection.mjs';
import { account } from '../support/server.mjs';
import { FAKE_ORIGIN, storedSession } from '../support/stored-session.mjs';
import { fakeTime } from '../support/time.mjs';

const hangs = () => new Promise(() => {});
const FACTS = ['ConfigurationError', 'token_store_failed', true, false, 'no'];

/** A session whose access token has expired, in a store that `change` alters; `sent` are the requests to the token endpoint. */
async function expired(change) {
  const inner = memoryStore();
  const tokens = { clientId: 'demo', accessToken: 'old', refreshToken: 'r', expiresAt: 1 };
  await inner.compareAndSwap('session:default', null, storedSession(FAKE_ORIGIN, tokens));
  const sent = [];
  const { fetch } = fakeFetch((_, url) => {
    if (url.includes('.well-known')) return 404;
    if (!url.endsWith('/oauth/token')) return [200, {}, { accounts: [account] }];
    sent.push(url);
    return [200, {}, { access_token: 'new', refresh_token: 'r2', token_type: 'Bearer', expires_in: 3600 }];
  });
  const client = await createClient({
    environment: { baseUrl: `${FAKE_ORIGIN}/aisp/v1` },
    clientId: 'demo',
    redirectUri: 'https://app.example/callback',
    fetch,
    tokenStore: { ...inner, ...change(inner) },
  });
  return { session: await client.session(), sent, inner };
}

test('a lock that is never granted is given up after 330 s, nothing is sent, and the next call takes it', async (t) => {
  const time = fakeTime(t);
  let late;
  let locks = 0;
  const { session, sent } = await expired((inner) => ({
    withLock(key, work) {
      locks++;
      if (locks > 1) return inner.withLock(key, work);
      late = work;
      return hangs();
    },
  }));
  const options = { timeoutMs: 1_000_000, deadlineMs: 1_000_000 };
  const first = rejection(session.accounts(options));
  await time.settled();
  await time.pass(329_000, 30_000);
  const joined = rejection(session.accounts(options));
  await time.settled();
  await time.pass(2_000);
  for (const error of [await first, await joined]) {
    assert.deepEqual(factsOf(error), FACTS);
    assert.match(error.cause.message, /330 s/);
  }
  assert.deepEqual([sent.length, locks], [0, 1]);
  assert.equal((await session.accounts()).items.length, 1);
  assert.deepEqual([sent.length, locks], [1, 2]);
  // Granted at last, it is let go of at once.
  await late();
});

test('a call ends by its own limit while the lock is awaited, and a later call joins the same wait', async (t) => {
  const time = fakeTime(t);
  let locks = 0;
  const { session } = await expired(() => ({ withLock: () => [hangs(), locks++][0] }));
  for (let i = 0; i < 2; i++) {
    const error = rejection(session.accounts());
    await time.settled();
    await time.pass(30_000);
    assert.equal((await error).code, 'timeout');
  }
  assert.equal(locks, 1);
});

for (const method of ['get', 'compareAndSwap']) {
  test(`a ${method} that is never answered is given up after 20 s, nothing is sent, and the next call tries again`, async (t) => {
    const time = fakeTime(t);
    let broken = false;
    const { session, sent } = await expired(({ get, compareAndSwap }) => ({
      get: (key) => (broken && method === 'get' ? hangs() : get(key)),
      compareAndSwap: (...given) => (broken && method !== 'get' ? hangs() : compareAndSwap(...given)),
      // Without a lock, a lease is written before anything is sent.
      withLock: undefined,
    }));
    broken = true;
    const error = rejection(session.accounts());
    await time.settled();
    await time.pass(21_000);
    assert.deepEqual(factsOf(await error), FACTS);
    assert.match((await error).message, new RegExp(`${method}.*too long`));
    assert.equal(sent.length, 0);
    broken = false;
    const again = session.accounts().then((page) => page);
    await time.settled();
    // A lease that was written after all ends by itself.
    await time.pass(14_000, 100);
    assert.equal((await again).items.length, 1);
    assert.equal(sent.length, 1);
  });
}

test('a lease ends with an error when compareAndSwap never swaps, and nothing is sent', async () => {
  let swaps = 0;
  const { session, sent } = await expired(() => ({
    withLock: undefined,
    async compareAndSwap() {
      swaps++;
      return false;
    },
  }));
  const error = await rejection(session.accounts());
  assert.deepEqual(factsOf(error), FACTS);
  assert.match(error.message, /compareAndSwap/);
  assert.ok(swaps >= 2 && swaps <= 20, `${swaps} swaps`);
  assert.equal(sent.length, 0);
});

test('a lease that others hold one after another is given up after 330 s', async (t) => {
  const time = fakeTime(t);
  let writes = 0;
  const { session, sent } = await expired(({ get }) => ({
    withLock: undefined,
    async get(key) {
      if (!key.startsWith('lease:')) return get(key);
      return { value: `${Date.now() + 10_000} another`, version: String(++writes) };
    },
  }));
  const error = rejection(session.accounts({ timeoutMs: 1_000_000, deadlineMs: 1_000_000 }));
  await time.settled();
  await time.pass(335_000, 1_000);
  assert.deepEqual(factsOf(await error), FACTS);
  assert.equal(sent.length, 0);
});

test('the shared limit is left aside for a minute when its store does not answer within 20 s', async (t) => {
  const time = fakeTime(t);
  let asked = 0;
  const acquire = () => {
    asked++;
    return hangs();
  };
  const inner = memoryStore();
  const { fetch, calls } = fakeFetch((_, url) => (url.includes('.well-known') ? 404 : [200, {}, account]));
  await inner.compareAndSwap('session:default', null, storedSession(FAKE_ORIGIN, { clientId: 'hung' }));
  const client = await createClient({
    environment: { baseUrl: `${FAKE_ORIGIN}/aisp/v1` },
    clientId: 'hung',
    redirectUri: 'https://app.example/callback',
    fetch,
    rateLimit: { perMinute: 100 },
    tokenStore: inner,
    rateLimitStore: { acquire, release: hangs },
  });
  const session = await client.session();
  // Nothing is read before it is awaited.
  const read = () => session.account('a').then((account) => account);
  const first = read();
  await time.settled();
  await time.pass(21_000, 1_000);
  assert.equal((await first).accountId, 'a');
  // For a while the store is not asked again.
  assert.equal((await read()).accountId, 'a');
  assert.deepEqual([calls.length, asked], [2, 1]);
});
