/** A holder that stood still: what it does where another process took its lock or lease over meanwhile. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { clientOf, connect } from '../support/clients.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();

/**
 * A client with a session whose access token has ended. After `wanted()` is called, the next read of the session under a lock runs `stall`
 * before its result is seen.
 */
async function holder(store, stall) {
  const { tokenStore, lastingLock } = store;
  let left = 0;
  const reading = {
    ...tokenStore,
    async get(key) {
      const entry = await tokenStore.get(key);
      if (key === 'session:default' && left > 0 && (await lastingLock())) {
        left--;
        await stall();
      }
      return entry;
    },
  };
  const { session } = await connect(sandbox, { tokenStore: reading });
  sandbox.clock.advance(2 * HOUR_MS);
  sandbox.requests.clear();
  return {
    session,
    stallOften(times) {
      left = times;
    },
  };
}

const LEASE = 'lease:session:default';

/** A store that has no lock, so that leases are written, and what another process does to its lease. */
function leases() {
  const { get, compareAndSwap } = memoryStore();
  const write = async (value) => compareAndSwap(LEASE, (await get(LEASE))?.version ?? null, value);
  return {
    tokenStore: { get, compareAndSwap },
    lastingLock: async () => (await get(LEASE)) !== null,
    takeOver: () => write(`${Date.now() + 10_000} another`),
    giveBack: () => write(null),
  };
}

function files() {
  const directory = temporaryFolder();
  const lockFile = () => readdirSync(directory).find((name) => name.endsWith('.lock'));
  const other = { id: 'another', pid: process.pid, host: 'elsewhere' };
  let taken;
  return {
    tokenStore: fileStore({ directory }),
    lastingLock: async () => lockFile() !== undefined,
    async takeOver() {
      taken = join(directory, lockFile());
      writeFileSync(taken, JSON.stringify(other));
    },
    giveBack: async () => rmSync(taken),
  };
}

for (const [name, make] of Object.entries({ leases, files })) {
  test(`unknown-outcome: a holder that lost its lock over ${name} sends nothing, and uses what the other process stored`, async () => {
    const store = make();
    const plain = await clientOf(sandbox, {
      tokenStore: { ...store.tokenStore, withLock: (_, work) => work() },
    });
    const { session, stallOften } = await holder(store, async () => {
      await store.takeOver();
      // Its own lock is void here: it is the process that took over.
      await (await plain.session()).refresh();
      await store.giveBack();
    });
    stallOften(1);
    assert.equal((await session.accounts()).items.length, 3);
    assert.equal(refreshes(sandbox), 1);
    assert.equal(sandbox.requests.count({ path: '/oauth/token', status: 400 }), 0);
  });

  test(`unknown-outcome: a holder that loses its lock over ${name} each time ends with an error that says so, and nothing was sent`, async () => {
    const store = make();
    const { session, stallOften } = await holder(store, async () => {
      await store.takeOver();
      // So that it is taken again, the other process is gone before the next attempt.
      setImmediate(store.giveBack);
    });
    stallOften(3);
    const error = await rejection(session.accounts());
    assert.deepEqual(
      [error.name, error.code, error.retryable, error.reauthRequired, error.requestSent],
      ['ConfigurationError', 'token_store_failed', true, false, 'no'],
    );
    assert.match(error.message, /stood still/);
    assert.equal(refreshes(sandbox), 0);
    assert.equal((await session.accounts()).items.length, 3, 'the next call tries again');
    assert.equal(refreshes(sandbox), 1);
  });
}
