/** Several Node processes over one store: one refresh among them, and what is left where one is killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { approve } from '@oakford/aisp-sandbox/testing';
import { clientOf, connect, REDIRECT_URI } from '../support/clients.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { redisConnection, startRedis } from '../support/redis.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';
import { HOUR_MS, pause } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const url = await startRedis();
const redis = await redisConnection(url);

const stores = {
  Redis: async () => {
    await redis.flushAll();
    return { place: { redis: url }, tokenStore: redisStore(redis) };
  },
  files: async () => {
    const directory = temporaryFolder();
    return { place: { directory }, tokenStore: fileStore({ directory }) };
  },
};

/** Starts a process that waits for its turn. */
async function start(store, { calls = 1, killed } = {}) {
  const { clientId, clientSecret } = sandbox.clients.server;
  const environment = { baseUrl: sandbox.baseUrl };
  const options = { environment, clientId, clientSecret, redirectUri: REDIRECT_URI };
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'process.mjs'), JSON.stringify({ options, store, calls, killed })],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  // Not 'exit', after which output may still be unread.
  const ended = once(child, 'close');
  while (!said.includes('ready')) await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    go: () => child.stdin.write('go\n'),
    goOn: () => child.kill('SIGCONT'),
    ended: () => ended.then(([code, signal]) => ({ code, signal, answers: said.split('\n')[1] })),
  };
}

for (const [name, make] of Object.entries(stores)) {
  test(`single-refresh: four Node processes over ${name} lead to one refresh`, async () => {
    const { place, tokenStore } = await make();
    await connect(sandbox, { tokenStore });
    const processes = await Promise.all(Array.from({ length: 4 }, () => start(place, { calls: 12 })));
    sandbox.clock.advance(2 * HOUR_MS);
    sandbox.requests.clear();
    for (const { go } of processes) go();
    const outcomes = await Promise.all(processes.map(({ ended }) => ended()));
    for (const { code, answers } of outcomes) {
      assert.equal(code, 0);
      assert.equal(JSON.parse(answers).length, 1);
    }
    assert.equal(refreshes(sandbox), 1);
    assert.equal(sandbox.requests.count({ path: '/aisp/v1/accounts', status: 200 }), 48);
  });

  test(`a process over ${name} that is killed before its refresh went out costs nobody a login`, async () => {
    const { place, tokenStore } = await make();
    await connect(sandbox, { tokenStore });
    const victim = await start(place, { killed: 'before the request' });
    sandbox.clock.advance(2 * HOUR_MS);
    victim.go();
    assert.equal((await victim.ended()).signal, 'SIGKILL');
    const session = await (await clientOf(sandbox, { tokenStore })).session();
    assert.equal((await session.accounts()).items.length, 3);
  });

  test(`after a process over ${name} was killed between answer and store, the error asks for a new login`, async () => {
    const { place, tokenStore } = await make();
    await connect(sandbox, { tokenStore });
    const victim = await start(place, { killed: 'between answer and store' });
    sandbox.clock.advance(2 * HOUR_MS);
    sandbox.requests.clear();
    victim.go();
    assert.equal((await victim.ended()).signal, 'SIGKILL');
    assert.equal(refreshes(sandbox), 1);
    const client = await clientOf(sandbox, { tokenStore });
    const session = await client.session();
    const error = await rejection(session.accounts());
    assert.deepEqual([error.code, error.reauthRequired], ['invalid_grant', true]);
    const { url, pending } = await client.beginAuthorization();
    await client.completeAuthorization(await approve(url), pending);
    assert.equal((await session.accounts()).items.length, 3);
  });
}

test('unknown-outcome: a process over Redis that stood still while another took its lease over sends nothing', {
  skip: process.platform === 'win32',
}, async () => {
  const { place, tokenStore } = await stores.Redis();
  await connect(sandbox, { tokenStore });
  const stopped = await start(place, { killed: 'stopped' });
  sandbox.clock.advance(2 * HOUR_MS);
  sandbox.requests.clear();
  stopped.go();
  while (!(await tokenStore.get('lease:session:default'))) await pause(5);
  // It waits until the lease has ended, some twelve seconds later.
  const session = await (await clientOf(sandbox, { tokenStore })).session();
  assert.equal((await session.accounts()).items.length, 3);
  stopped.goOn();
  assert.equal((await stopped.ended()).code, 0);
  assert.equal(refreshes(sandbox), 1);
  assert.equal(tokenRequests(sandbox), 1);
});
