/** Sync against the sandbox: an application that applies its results has the rows of the bank, day after day. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const DAY = 24 * 3600 * 1000;
// The SDK reads back from its own today: both clocks are set, forty days apart at the start.
mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-04-19T12:00:00Z') });
const sandbox = await sandboxForFile({ consentDays: 400, now: '2026-03-10T12:00:00Z' });

/** Does to a copy of the rows what the documentation says. */
function apply(rows, { added, updated, removed }) {
  for (const { key } of added) assert.ok(!rows.has(key), `added ${key}, which is there`);
  for (const key of removed) assert.ok(rows.delete(key), `removed ${key}, which is not there`);
  for (const row of [...added, ...updated]) rows.set(row.key, row);
}

for (const [user, accountId] of [
  ['anna', 'acc_anna_current'],
  ['noor', 'acc_noor_jpy'],
]) {
  test(`a copy of ${accountId} that follows sync stays equal to the bank's rows for weeks`, async () => {
    const { session } = await connect(sandbox, {}, { user });
    sandbox.clock.reset();
    const rows = new Map();
    let checkpoint;
    let booked = 0;
    for (const days of [0, 1, 0, 3, 10, 20]) {
      sandbox.clock.advance(days * DAY);
      const result = await session.sync(accountId, { checkpoint });
      if (checkpoint === undefined) assert.equal(result.updated.length + result.removed.length, 0);
      else assert.ok(result.added.length < 500);
      booked += result.updated.filter(({ status }) => status === 'booked').length;
      apply(rows, result);
      checkpoint = result.checkpoint;
      const there = await session.transactions(accountId, { limit: 500 }).all({ limit: 100_000 });
      assert.equal(rows.size, there.length);
      const sum = (list) =>
        [...list].map((row) => row.transactionAmount.amount + row.bookingDate + row.status).sort();
      assert.deepEqual(sum(rows.values()), sum(there));
    }
    assert.ok(booked > 0, 'no pending row was booked');
    const readable = checkpoint + Buffer.from(checkpoint, 'base64').toString('latin1');
    const personal = [...rows.values()].flatMap((row) => [
      row.creditorName,
      row.creditorAccount?.iban,
      row.debtorName,
    ]);
    for (const text of personal) assert.ok(!text || !readable.includes(text), text);
  });
}

test('a sync with nothing new gives nothing', async () => {
  const { session } = await connect(sandbox, {}, { user: 'james' });
  const first = await session.sync('acc_james_card');
  const second = await session.sync('acc_james_card', { checkpoint: first.checkpoint });
  assert.equal(
    first.added.length,
    (await session.transactions('acc_james_card').all({ limit: 1000 })).length,
  );
  assert.deepEqual([second.added, second.updated, second.removed], [[], [], []]);
});

test('a wrong checkpoint is named, and that of another account', async () => {
  const { session } = await connect(sandbox, {}, { user: 'james' });
  const { checkpoint } = await session.sync('acc_james_card');
  for (const wrong of ['nonsense', 7]) {
    assert.equal((await rejection(session.sync('acc_james_card', { checkpoint: wrong }))).path, 'checkpoint');
  }
  const error = await rejection(session.sync('acc_james_current', { checkpoint }));
  assert.deepEqual([error.name, error.path], ['ConfigurationError', 'checkpoint']);
});

test('a failure in the middle leaves the old checkpoint valid', async () => {
  const { session } = await connect(sandbox, {});
  const { checkpoint } = await session.sync('acc_anna_savings');
  sandbox.faults.add({
    match: { path: '*/transactions' },
    fault: 'status',
    status: 400,
    body: '{"error":"x"}',
    times: 1,
  });
  assert.equal((await rejection(session.sync('acc_anna_savings', { checkpoint }))).code, 'x');
  assert.deepEqual((await session.sync('acc_anna_savings', { checkpoint })).added, []);
});
