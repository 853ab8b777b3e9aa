/** A rate limit that processes share over a real Redis. The simulation of the engine shows the rest. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryStore } from '@oakford/aisp';
import { redisStore } from '@oakford/aisp/redis';
import { redisConnection, startRedis } from '../support/redis.mjs';
import { account, json, serve } from '../support/server.mjs';
import { sessionAt, storedSession } from '../support/stored-session.mjs';
import { until } from '../support/time.mjs';

const PROCESSES = 4;
/** The windows are this many times as short, so that the test takes five seconds. */
const SPEED = 10;
const DURATION_MS = 50_000 / SPEED;
const url = await startRedis();
const redis = await redisConnection(url);

/** Runs a process to its end; gives what it printed. */
function worker(...given) {
  return new Promise((resolve, reject) => {
    const file = fileURLToPath(new URL('shared-limit-worker.mjs', import.meta.url));
    const child = spawn(process.execPath, [file, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`exit code ${code}`)),
    );
  });
}

/** The most arrivals in any window of so many milliseconds. */
function busiest(at, ms) {
  return Math.max(
    ...at
      .map((first, index) => at.slice(index).findIndex((a) => a - first >= ms))
      .map((n, index) => (n < 0 ? at.length - index : n)),
  );
}

test('shared limit: four processes never exceed it and use nine tenths of it when they share a Redis', async (t) => {
  const at = [];
  const origin = await serve((_, response) => {
    at.push(performance.now());
    // Answers take their time, as a bank's do.
    setTimeout(() => json(response, account), (Math.random() * 200) / SPEED);
  });
  await redisStore(redis).compareAndSwap('session:default', null, storedSession(origin));
  const given = [url, origin, String(DURATION_MS), String(SPEED)];
  const workers = Array.from({ length: PROCESSES }, () => worker(...given));
  const done = (await Promise.all(workers)).map((result) => result.done);
  const [short, long] = [busiest(at, 10_000 / SPEED), busiest(at, 60_000 / SPEED)];
  t.diagnostic(`${at.length} calls of 50, by process ${done}; at most ${short} in the short window`);
  assert.ok(short <= 20, `${short} in the short window`);
  assert.ok(long <= 50, `${long} in the long window`);
  // The short window allows 20 at 0, 1 and 2 s, of which the long one allows 50.
  assert.ok(at.length >= 45, `${at.length} of 50 calls were made`);
  const most = Math.max(...done);
  assert.ok(most < 45, `one process made ${most} of ${at.length} calls`);
});

test('shared limit: every call holds a permit of it when the clock moves between two readings', async (t) => {
  let [now, readings] = [0, 0];
  t.mock.method(performance, 'now', () => {
    // Uneven steps, so that windows end between any two readings.
    now += 10 + ((++readings * 37) % 90);
    return now;
  });
  // The waits of the limit, which last ten seconds at most, end at once.
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (work, ms, ...given) =>
    setTimeout(work, ms > 10_000 ? ms : 0, ...given),
  );
  const permits = new Set();
  const heldByCall = [];
  const origin = await serve((_, response) => {
    heldByCall.push(permits.size);
    json(response, account);
  });
  const session = await sessionAt(origin, {
    rateLimit: { per10Seconds: 2 },
    deadlineMs: 3_600_000,
    rateLimitStore: {
      acquire: async (_quota, _windows, call) => {
        permits.add(call);
        return 0;
      },
      release: async (_quota, call) => {
        permits.delete(call);
      },
    },
  });
  for (let call = 0; call < 60; call++) await session.account('a');
  assert.deepEqual(heldByCall, new Array(60).fill(1));
});

test('rateLimitStore: the acquire and release of the token store are used when the option is absent', async () => {
  const counted = [];
  const countsAs = (name) => ({
    acquire: async (quota, windows, call, leaseMs) => {
      counted.push([name, quota, windows, typeof call, leaseMs]);
      return 0;
    },
    release: async (_quota, _call, sent) => {
      counted.push([name, sent]);
    },
  });
  const read = async (options) => {
    counted.length = 0;
    // Clients of one server share the limiter of the first.
    const origin = await serve((_, response) => json(response, account));
    const tokenStore = { ...memoryStore(), ...countsAs('token store') };
    const session = await sessionAt(origin, {
      ...options,
      tokenStore,
      rateLimit: { per10Seconds: 2 },
    });
    await session.account('a');
    return counted.filter(([, quota]) => typeof quota === 'string').map(([name]) => name);
  };
  assert.deepEqual(await read({}), ['token store']);
  assert.deepEqual(await read({ rateLimitStore: countsAs('option') }), ['option']);
});

test('redis rate limit store: a call counts a window longer after its release, and not at all when it was not sent', async () => {
  const store = redisStore(redis, { prefix: 'test:' });
  const windows = [[2, 300]];
  const acquire = (call, quota = 'q') => store.acquire(quota, windows, call, 60_000);
  assert.deepEqual([await acquire('a'), await acquire('b')], [0, 0]);
  assert.equal(await acquire('c'), 300, 'both are under way, so a whole window at least');
  await store.release('q', 'b', false);
  assert.equal(await acquire('c'), 0);
  const released = performance.now();
  await store.release('q', 'a', true);
  await until(async () => (await acquire('d')) === 0);
  // Redis counts whole milliseconds by its own clock.
  assert.ok(performance.now() - released >= 299, 'not before a window is over');
  assert.equal(await acquire('d', 'other'), 0);
  assert.ok((await redis.pTTL('test:q')) > 0);
});

test('redis rate limit store: a call that is never released counts until its lease and a window are over', async () => {
  const store = redisStore(redis, { prefix: 'test:' });
  const acquire = (call) => store.acquire('ended', [[1, 100]], call, 200);
  const acquired = performance.now();
  assert.equal(await acquire('a'), 0);
  assert.equal(await acquire('b'), 100);
  await until(async () => (await acquire('b')) === 0);
  assert.ok(performance.now() - acquired >= 299, 'not before the lease and a window are over');
});
