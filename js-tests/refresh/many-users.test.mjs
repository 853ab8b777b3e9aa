/** A server with many users: memory is bounded, and nothing of one user reaches another. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { memoryStore } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { clientOf } from '../support/clients.mjs';
import { refreshes, sandboxForFile } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const USERS = ['anna', 'james', 'noor'];

/** Connects a customer under a key. */
async function connectAs(client, user, key) {
  const { url, pending } = await client.beginAuthorization();
  return client.completeAuthorization(await approve(url, { user }), pending, { key });
}

test('calls of many users at once, with refreshes in between, give each user their own accounts only', async () => {
  const client = await clientOf(sandbox, { tokenStore: memoryStore() });
  const keys = Array.from({ length: 30 }, (_, i) => `${USERS[i % 3]}-${i}`);
  for (const key of keys) await connectAs(client, key.split('-')[0], key);
  for (let round = 0; round < 3; round++) {
    sandbox.clock.advance(2 * HOUR_MS);
    sandbox.requests.clear();
    const shuffled = keys.flatMap((key) => [key, key]).sort(() => Math.random() - 0.5);
    await Promise.all(
      shuffled.map(async (key) => {
        const session = await client.session(key);
        const { items } = await session.accounts();
        assert.equal(items.length, key.startsWith('noor') ? 2 : 3);
        for (const { accountId } of items) assert.ok(accountId.startsWith(`acc_${key.split('-')[0]}`));
      }),
    );
    assert.equal(refreshes(sandbox), keys.length);
  }
});

test('a key is taken as it is: none is a part, a prefix or a spelling of another', async () => {
  const client = await clientOf(sandbox, { tokenStore: memoryStore() });
  const keys = ['user', 'user:1', 'User', 'session:user', '__proto__', 'user\u0000', ' user'];
  await connectAs(client, 'anna', 'user');
  for (const key of keys.slice(1)) assert.equal(await client.session(key), null, key);
  await connectAs(client, 'james', '__proto__');
  const { items } = await (await client.session('user')).accounts();
  assert.ok(items.every(({ accountId }) => accountId.startsWith('acc_anna')));
});

test('memory: it stays bounded over 8,000 sessions', { timeout: 600_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    join(import.meta.dirname, 'memory.mjs'),
  ]);
  const { wasm, heap } = JSON.parse(stdout);
  // From the three-thousandth session on only the application's own store grows.
  assert.equal(wasm[8000], wasm[3000], `wasm memory: ${stdout}`);
  assert.ok(heap[8000] - heap[3000] < 2_000_000, `JavaScript heap: ${stdout}`);
});
