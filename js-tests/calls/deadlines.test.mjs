/** One deadline for everything, and an abort that ends a call at once wherever it is, leaving nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, TimeoutError } from '@oakford/aisp';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { FAKE_ORIGIN, sessionAt, sessionWith } from '../support/stored-session.mjs';
import { fakeTime, settled } from '../support/time.mjs';

const never = () => new Promise(() => {});

/** Counts the timers that are set and neither fired nor cleared. */
function watchTimers(t) {
  const running = new Set();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (work, ms, ...rest) => {
    const timer = set(() => {
      running.delete(timer);
      work(...rest);
    }, ms);
    running.add(timer);
    return timer;
  });
  t.mock.method(globalThis, 'clearTimeout', (timer) => {
    running.delete(timer);
    clear(timer);
  });
  return running;
}

/** Aborts a call that is where `arrange` brings it, and checks what an abort owes. */
async function abortedAt(t, session, arrange, options = {}) {
  const timers = watchTimers(t);
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given) => {
    listeners++;
    add(...given);
  };
  signal.removeEventListener = (...given) => {
    listeners--;
    remove(...given);
  };
  const before = timers.size;
  const failed = rejection(session.account('a', { signal, ...options }));
  await arrange();
  const reason = { any: 'thing' };
  controller.abort(reason);
  // At once: in the turns that promises take, and no timer.
  const error = await Promise.race([failed, settled()]);
  assert.ok(error instanceof AbortError, error?.stack);
  assert.equal(error.cause, reason);
  assert.equal(listeners, 0, 'listeners');
  assert.equal(timers.size, before, 'timers');
  return error;
}

test('an abort while the answer is awaited ends the request', async (t) => {
  const { session, calls } = await sessionWith(never);
  const error = await abortedAt(t, session, settled);
  assert.deepEqual([error.requestSent, error.attempts], ['unknown', 1]);
  assert.ok(calls[0].init.signal.aborted);
});

test('an abort while a body comes ends the reading', async (t) => {
  let cancelled = 0;
  const body = new ReadableStream({
    pull: never,
    cancel() {
      cancelled += 1;
    },
  });
  const session = await sessionAt(FAKE_ORIGIN, { fetch: async () => new Response(body) });
  const error = await abortedAt(t, session, settled);
  assert.equal(error.requestSent, 'yes');
  await settled();
  assert.equal(cancelled, 1);
});

test('an abort during the wait before a retry sends nothing more', async (t) => {
  const { session, calls } = await sessionWith(() => [503, { 'retry-after': '60' }]);
  const error = await abortedAt(t, session, settled);
  assert.deepEqual([error.requestSent, error.attempts, calls.length], ['yes', 1, 1]);
});

test('an abort in the queue gives the place up', async (t) => {
  const { session, calls } = await sessionWith(() => 200, { rateLimit: { per10Seconds: 1 } });
  await session.account('a');
  const error = await abortedAt(t, session, settled);
  assert.deepEqual([error.requestSent, error.attempts, calls.length], ['no', 0, 1]);
});

test('an abort in the queue hands the turn to the next', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith(() => 200, { rateLimit: { per10Seconds: 1 } });
  await session.account('a');
  const controller = new AbortController();
  const first = rejection(session.account('b', { signal: controller.signal }));
  const second = session.account('c').then(() => {});
  await settled();
  controller.abort();
  assert.ok((await first) instanceof AbortError);
  await time.pass(10_500, 500);
  await second;
  assert.deepEqual(
    calls.map(({ url }) => url.at(-1)),
    ['a', 'c'],
  );
});

test('the deadline covers queue, attempts and waits together', async (t) => {
  const time = fakeTime(t);
  const { session, calls } = await sessionWith(
    (n) => (n === 1 ? 200 : n === 2 ? [503, { 'retry-after': '8' }] : never()),
    {
      rateLimit: { per10Seconds: 1 },
    },
  );
  await session.account('a');
  const failed = rejection(session.account('a', { deadlineMs: 25_000, timeoutMs: 20_000 }));
  await time.pass(24_900, 100);
  assert.equal(calls.length, 3);
  await time.pass(200, 100);
  const error = await failed;
  assert.ok(error instanceof TimeoutError);
  assert.deepEqual([error.code, error.attempts, error.retryable], ['deadline_exceeded', 2, true]);
  assert.ok(calls[2].init.signal.aborted);
});

test('a deadline shorter than the wait for a turn fails at once', async (t) => {
  const time = fakeTime(t);
  const { session } = await sessionWith(() => 200, { rateLimit: { per10Seconds: 1 } });
  await session.account('a');
  const error = await rejection(session.account('a', { deadlineMs: 5000 }));
  assert.deepEqual([error.name, error.code, error.requestSent], ['RateLimitError', 'rate_limit_wait', 'no']);
  const at = Date.parse(error.retryAt) - time.start;
  assert.ok(at >= 10_000 && at < 10_100, String(at));
});

test('thousands of calls that end leave neither timers nor listeners', async (t) => {
  const timers = watchTimers(t);
  const { session } = await sessionWith((n) => (n % 10 === 0 ? 404 : 200));
  const before = timers.size;
  for (let n = 0; n < 2000; n++) await session.account('a').catch(() => {});
  assert.equal(timers.size, before);
});

// Last: a mocked clock would stop the timers of its real connections, and those keep the process.
test('an abort during a refresh ends the call, while the refresh goes on and is used', async () => {
  const sandbox = await sandboxForFile();
  const { session } = await connect(sandbox);
  sandbox.faults.add({ match: { path: '/oauth/token' }, fault: 'latency', delayMs: 300 });
  sandbox.faults.add({ match: { path: '/aisp/v1/accounts*' }, fault: 'status', status: 401 });
  const before = session.expiresAt;
  const controller = new AbortController();
  const failed = rejection(session.accounts({ signal: controller.signal }));
  while (sandbox.requests.count({ grantType: 'refresh_token' }) === 0)
    await new Promise((r) => setTimeout(r, 5));
  controller.abort('enough');
  const error = await Promise.race([failed, settled()]);
  assert.deepEqual([error?.name, error?.cause], ['AbortError', 'enough']);
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(sandbox.requests.count({ grantType: 'refresh_token' }), 1);
  assert.ok(before !== undefined);
});
