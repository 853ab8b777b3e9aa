/** What the nightly sync has to do, for a database: `inspect` reads it back. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { syncCustomers } from '../../examples/recipes/nightly-sync/sync.mjs';
import { manyCustomers } from './customers.mjs';

const DAY_MS = 86_400_000;

/**
 * Syncs a thousand customers twice, with changes at the bank between, and with customers who are not connected. `inspect(customer)`
 * gives the rows of a customer, `count()` of all, `breakWrites()` lets writes of rows fail until what it gives is called.
 */
export async function checkNightlySync(copy, { inspect, count, breakWrites }) {
  const bank = await manyCustomers(1000);
  const { client, customers, account, sandbox } = bank;
  try {
    const asked = [...customers, 'nobody'];
    const first = await syncCustomers(client, asked, copy);
    assert.deepEqual(first, { synced: 1000, reconnect: ['nobody'], failed: [] });
    const rows = await bank.rows();
    assert.ok(rows.length > 3);
    for (const customer of [customers[0], customers[999]])
      assert.deepEqual(sorted(await inspect(customer)), sorted(rows));
    assert.equal(await count(), 1000 * rows.length);

    // The rows of a customer can't be written: their checkpoint stays, so that the next night brings them.
    sandbox.clock.advance(2 * DAY_MS);
    const before = await copy.checkpoint(customers[1], account);
    const mend = await breakWrites();
    const broken = await syncCustomers(client, [customers[1]], copy);
    assert.equal(broken.failed.length, 1);
    assert.equal(await copy.checkpoint(customers[1], account), before);
    assert.deepEqual(sorted(await inspect(customers[1])), sorted(rows));
    await mend();
    const later = await syncCustomers(client, customers.slice(0, 20), copy);
    assert.deepEqual(later, { synced: 20, reconnect: [], failed: [] });
    const now = await bank.rows();
    assert.notDeepEqual(sorted(now), sorted(rows));
    for (const customer of customers.slice(0, 20))
      assert.deepEqual(sorted(await inspect(customer)), sorted(now));

    // Two nights at once: one moves the checkpoint, the other changes nothing.
    const since = await copy.checkpoint(customers[0], account);
    const changes = { added: [], updated: [], removed: [], checkpoint: `${since}x` };
    await copy.apply(customers[0], account, since, changes);
    await assert.rejects(
      async () => copy.apply(customers[0], account, since, changes),
      /another sync was quicker/,
    );
  } finally {
    await sandbox.close();
    mock.timers.reset();
  }
}

const sorted = (rows) => rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
