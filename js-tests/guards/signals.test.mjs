/** Abort signals: one listener for each, however many calls share it. */
import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { rejection } from '../support/rejection.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';

const account = { account_id: 'a', currency: 'EUR', account_type: 'current', provider: { provider_id: 'p' } };
const CALLS = 30;

/** A server that answers once it is asked to, and a session of it. */
async function held() {
  const waiting = [];
  let arrived;
  const all = new Promise((resolve) => {
    arrived = resolve;
  });
  const origin = await serve((request, response) => {
    const body = request.url.endsWith('/accounts') ? { accounts: [account] } : account;
    waiting.push(() => json(response, body));
    if (waiting.length === CALLS) arrived();
  });
  const answer = () => {
    for (const respond of waiting) respond();
  };
  return { session: await sessionAt(origin, { rateLimit: false }), all, answer };
}

test('signal: 30 calls and listings share one listener, which goes with the last of them', async () => {
  const warnings = [];
  const note = (warning) => warnings.push(warning.name);
  process.on('warning', note);
  const { session, all, answer } = await held();
  const { signal } = new AbortController();
  const calls = Array.from({ length: CALLS }, (_, index) =>
    index % 2
      ? session.account('a', { signal }).withResponse()
      : session.accounts({ signal }).all({ limit: 5 }),
  );
  await all;
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  answer();
  await Promise.all(calls);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});

test('signal: when it aborts every call that shares it ends with its reason, and others go on', async () => {
  const { session, all, answer } = await held();
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: CALLS - 1 }, () => rejection(session.account('a', { signal })));
  const other = session.account('a').withResponse();
  await all;
  const aborted = once(signal, 'abort');
  controller.abort('enough');
  await aborted;
  for (const error of await Promise.all(calls))
    assert.deepEqual([error.name, error.cause], ['AbortError', 'enough']);
  answer();
  assert.equal((await other).data.accountId, 'a');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('signal: a call that ends leaves the listener to the calls that still wait', async () => {
  const origin = await serve((request, response) => {
    if (request.url.endsWith('/quick')) json(response, account);
  });
  const session = await sessionAt(origin);
  const controller = new AbortController();
  const { signal } = controller;
  const slow = rejection(session.account('slow', { signal }));
  await session.account('quick', { signal });
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  controller.abort();
  assert.equal((await slow).name, 'AbortError');
});
