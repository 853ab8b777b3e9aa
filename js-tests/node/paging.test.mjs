/** Lists: lazy, memoised, one page ahead while iterated, and never a row lost or repeated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, ResponseError } from '@oakford/aisp';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';
import { settled, until } from '../support/time.mjs';

const row = (id, more = {}) => ({
  transaction_id: id,
  status: 'booked',
  transaction_amount: { amount: '-1.00', currency: 'EUR' },
  ...more,
});

/** A session whose transactions come in `pages`, by cursor; records the queries. */
async function paged(pages) {
  const queries = [];
  const origin = await serve((request, response) => {
    const query = new URL(request.url, 'http://x').searchParams;
    const [rows, next] = pages[query.get('cursor') ?? ''] ?? [];
    if (rows === undefined) return response.writeHead(500).end();
    json(response, { account_id: 'a', transactions: rows, next_cursor: next ?? null });
  });
  // Counted when it is asked for, so that no time has to pass to see that nothing is.
  const counting = (url, init) => {
    queries.push(Object.fromEntries(new URL(url).searchParams));
    return fetch(url, init);
  };
  return { session: await sessionAt(origin, { fetch: counting }), queries, origin };
}

test('list: one request, and none before it is awaited', async () => {
  const { session, queries } = await paged({ '': [[row('1')]] });
  const list = session.transactions('a');
  await settled();
  assert.equal(queries.length, 0);
  assert.equal((await list).items[0].transactionId, '1');
  assert.deepEqual(await list, await list);
  assert.equal(queries.length, 1);
});

test('list: nothing is fetched ahead when a page is awaited', async () => {
  const { session, queries } = await paged({ '': [[row('1')], 'b'], b: [[row('2')]] });
  const page = await session.transactions('a');
  await settled();
  assert.equal(page.nextCursor, 'b');
  assert.equal(queries.length, 1);
});

test('list: rows come in order, also when a page with a cursor is empty', async () => {
  const { session } = await paged({ '': [[row('1'), row('2')], 'b'], b: [[], 'c'], c: [[row('3')]] });
  const seen = [];
  for await (const { transactionId } of session.transactions('a')) seen.push(transactionId);
  assert.deepEqual(seen, ['1', '2', '3']);
});

test('list: one page is fetched ahead, and never more, when pages are iterated', async () => {
  const { session, queries } = await paged({
    '': [[row('1')], 'b'],
    b: [[row('2')], 'c'],
    c: [[row('3')], 'd'],
    d: [[row('4')]],
  });
  const pages = session.transactions('a').pages();
  await pages.next();
  await until(() => queries.length > 1);
  await settled();
  assert.equal(queries.length, 2);
  await pages.next();
  await until(() => queries.length > 2);
  await settled();
  assert.equal(queries.length, 3);
  await pages.return();
});

test('list: nothing is fetched ahead when the first half of a page is read', async () => {
  const { session, queries } = await paged({
    '': [[row('1'), row('2'), row('3'), row('4')], 'b'],
    b: [[row('5')]],
  });
  const rows = session.transactions('a')[Symbol.asyncIterator]();
  await rows.next();
  await rows.next();
  await settled();
  assert.equal(queries.length, 1);
  await rows.next();
  await until(() => queries.length > 1);
  await rows.return();
});

test('list: all() requests no page that its limit does not need', async () => {
  const { session, queries } = await paged({ '': [[row('1'), row('2')], 'b'], b: [[row('3')]] });
  assert.equal((await session.transactions('a').all({ limit: 2 })).length, 2);
  await settled();
  assert.equal(queries.length, 1);
});

test('list: the last page that maxPages allows is read whole', async () => {
  const { session } = await paged({ '': [[row('1')], 'b'], b: [[row('2')]] });
  const page = await session.transactions('a', { maxPages: 1 });
  assert.equal(page.items.length, 1);
  const rest = session.transactions('a', { maxPages: 1, checkpoint: page.checkpoint });
  assert.equal((await rest.all({ limit: 9 })).length, 1);
});

test('parameters are resent unchanged with the cursor', async () => {
  const { session, queries } = await paged({ '': [[row('1')], 'b&c=1'], 'b&c=1': [[row('2')]] });
  const query = { dateFrom: '2024-01-01', dateTo: '2024-02-01', status: 'all', limit: 7 };
  await session.transactions('a', query).all({ limit: 10 });
  const sent = { date_from: '2024-01-01', date_to: '2024-02-01', status: 'all', limit: '7' };
  assert.deepEqual(queries, [sent, { ...sent, cursor: 'b&c=1' }]);
});

test('the same cursor twice is an error, not an endless list', async () => {
  const { session, queries } = await paged({
    '': [[row('1')], 'b'],
    b: [[row('2')], 'c'],
    c: [[row('3')], 'b'],
  });
  const error = await rejection(session.transactions('a').all({ limit: 100 }));
  assert.ok(error instanceof ResponseError);
  assert.equal(error.code, 'cursor_repeated');
  assert.equal(queries.length, 3);
});

test('checkpoints: page 400 is as cheap as page 40, and a loop of any length ends', async () => {
  // Its cursors are of one length; behind the last comes the first again.
  const cursorAt = (page) => `cursor-${String(page).padStart(4, '0')}`;
  const last = 400;
  let bytes = [];
  const origin = await serve((request, response) => {
    const cursor = new URL(request.url, 'http://x').searchParams.get('cursor');
    const page = cursor === null ? 0 : Number(cursor.slice('cursor-'.length));
    const next_cursor = cursorAt(page === last ? 1 : page + 1);
    json(response, { account_id: 'a', transactions: [], next_cursor });
  });
  const session = await sessionAt(origin, { rateLimit: false });
  const error = await rejection(async () => {
    for await (const page of session.transactions('a').pages()) bytes.push(page.checkpoint.length);
  });
  assert.deepEqual([error.code, error.status, bytes.length], ['cursor_repeated', 200, last]);
  bytes = bytes.slice(40);
  // The number of the page has more digits.
  assert.ok(Math.max(...bytes) - Math.min(...bytes) <= 4, `${Math.min(...bytes)} ${Math.max(...bytes)}`);
});

test('more pages than allowed are an error', async () => {
  const { session } = await paged({ '': [[row('1')], 'b'], b: [[row('2')], 'c'], c: [[row('3')]] });
  const error = await rejection(session.transactions('a', { maxPages: 2 }).all({ limit: 100 }));
  assert.equal(error.code, 'too_many_pages');
  assert.equal((await session.transactions('a', { maxPages: 3 }).all({ limit: 100 })).length, 3);
});

test('a failure in the middle carries the checkpoint from which nothing is lost or repeated', async () => {
  const pages = { '': [[row('1')], 'b'], b: [[row('2')], 'c'] };
  const { session } = await paged(pages);
  const seen = [];
  const error = await rejection(async () => {
    for await (const { transactionId } of session.transactions('a', { limit: 5 })) seen.push(transactionId);
  });
  assert.equal(error.status, 500);
  pages.c = [[row('3')]];
  for await (const { transactionId } of session.transactions('a', { limit: 5, checkpoint: error.checkpoint }))
    seen.push(transactionId);
  assert.deepEqual(seen, ['1', '2', '3']);
});

test('a checkpoint is bound to its account and parameters', async () => {
  const { session } = await paged({ '': [[row('1')], 'b'], b: [[row('2')]] });
  const { checkpoint } = await session.transactions('a', { limit: 5 });
  assert.equal(typeof checkpoint, 'string');
  assert.equal((await session.transactions('a', { limit: 5, checkpoint })).items[0].transactionId, '2');
  for (const other of [
    session.transactions('b', { limit: 5, checkpoint }),
    session.transactions('a', { limit: 6, checkpoint }),
  ]) {
    assert.equal((await rejection(other)).path, 'checkpoint');
  }
});

test('equal rows without ids keep keys of their own, also across pages and from a checkpoint', async () => {
  const coffee = row(undefined, { booking_date: '2024-01-02', creditor_name: 'Café' });
  const { session } = await paged({ '': [[coffee, coffee], 'b'], b: [[coffee]] });
  const keys = (await session.transactions('a').all({ limit: 10 })).map(({ key }) => key);
  assert.equal(new Set(keys).size, 3);
  const { checkpoint } = await session.transactions('a');
  const [resumed] = (await session.transactions('a', { checkpoint })).items;
  assert.equal(resumed.key, keys[2]);
});

test('all() has a mandatory limit and stops there', async () => {
  const { session, queries } = await paged({ '': [[row('1'), row('2')], 'b'], b: [[row('3')]] });
  assert.equal((await session.transactions('a').all({ limit: 2 })).length, 2);
  assert.equal((await session.transactions('a').all({ limit: 3 })).length, 3);
  for (const options of [undefined, {}, { limit: 0 }, { limit: 'x' }]) {
    assert.equal((await rejection(session.transactions('a').all(options))).path, 'limit');
  }
  assert.ok(queries.length <= 4);
});

test('list: the request for the next page is aborted when the loop is left', async () => {
  let open = 0;
  const origin = await serve((request, response) => {
    if (!request.url.includes('cursor'))
      return json(response, { account_id: 'a', transactions: [row('1')], next_cursor: 'b' });
    open++;
    request.on('close', () => open--);
  });
  const ahead = [];
  const recording = (url, init) => {
    if (url.includes('cursor')) ahead.push(init.signal);
    return fetch(url, init);
  };
  const session = await sessionAt(origin, { fetch: recording });
  for await (const _ of session.transactions('a').pages()) {
    await until(() => open === 1);
    break;
  }
  assert.deepEqual(
    ahead.map(({ aborted }) => aborted),
    [true],
  );
  await until(() => open === 0);
});

test('list: ends with the reason of the signal when it aborts during the iteration', async () => {
  const { session } = await paged({ '': [[row('1')], 'b'], b: [[row('2')], 'c'], c: [[row('3')]] });
  const controller = new AbortController();
  const error = await rejection(async () => {
    for await (const _ of session.transactions('a', { signal: controller.signal }))
      controller.abort('enough');
  });
  assert.ok(error instanceof AbortError);
  assert.equal(error.cause, 'enough');
});

test('ten thousand rows of the sandbox come whole, in order, each once', async () => {
  const sandbox = await sandboxForFile();
  const { session } = await connect(sandbox);
  const keys = new Set();
  let last = '9999';
  let rows = 0;
  for await (const { key, bookingDate, status } of session.transactions('acc_anna_current', { limit: 500 })) {
    keys.add(key);
    rows++;
    if (status !== 'booked') continue;
    assert.ok(bookingDate <= last);
    last = bookingDate;
  }
  assert.ok(rows >= 10_000);
  assert.equal(keys.size, rows);
});
