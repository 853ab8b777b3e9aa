/** What many calls need at once (the metadata, the server's keys) is asked for by one of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@oakford/aisp';
import { REDIRECT_URI } from '../support/clients.mjs';
import { connectTo, maliciousServer } from '../support/malicious-server.mjs';
import { rejection } from '../support/rejection.mjs';
import { json } from '../support/server.mjs';

const METADATA = '/.well-known/openid-configuration';

/** A server whose first answers at `path` wait for `release()`, and are what `answer` makes them. */
async function held(path, answer = () => false) {
  const state = await maliciousServer();
  const arrived = gate();
  const open = gate();
  state.faults.answers = {
    [path]: async ({ response }) => {
      arrived.open();
      await open.promise;
      return answer(response);
    },
  };
  return { state, arrived: arrived.promise, release: open.open };
}

function gate() {
  let open;
  const promise = new Promise((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const clientOf = (state, options) =>
  createClient({
    environment: { baseUrl: `${state.origin}/aisp/v1` },
    clientId: 'test',
    redirectUri: REDIRECT_URI,
    maxRetries: 0,
    ...options,
  });

test('twenty cold calls at once ask for the metadata once', async () => {
  const { state, arrived, release } = await held(METADATA);
  const client = await clientOf(state);
  const calls = Array.from({ length: 20 }, () => client.beginAuthorization());
  await arrived;
  release();
  const begun = await Promise.all(calls);
  assert.equal(new Set(begun.map(({ url }) => url)).size, 20);
  assert.equal(state.at(METADATA).length, 1);
});

test('one failure is every waiting call’s, and is not remembered', async () => {
  const { state, arrived, release } = await held(METADATA, (response) => json(response, {}, 503));
  const client = await clientOf(state);
  const calls = Array.from({ length: 5 }, () => rejection(client.beginAuthorization()));
  await arrived;
  release();
  for (const error of await Promise.all(calls))
    assert.deepEqual([error.name, error.status], ['OAuthError', 503]);
  assert.equal(state.at(METADATA).length, 1);
  state.faults.answers = {};
  await client.beginAuthorization();
  assert.equal(state.at(METADATA).length, 2);
});

test('a call that is aborted while it asks leaves the asking to the others', async () => {
  const { state, arrived, release } = await held(METADATA);
  const client = await clientOf(state);
  const controller = new AbortController();
  const first = rejection(client.beginAuthorization({ signal: controller.signal }));
  const others = Array.from({ length: 5 }, () => client.beginAuthorization());
  await arrived;
  controller.abort('enough');
  assert.equal((await first).cause, 'enough');
  release();
  for (const { url } of await Promise.all(others)) assert.equal(new URL(url).origin, state.origin);
  assert.equal(state.at(METADATA).length, 2);
});

test('a waiting call that is aborted ends at once, and the others go on', async () => {
  const { state, arrived, release } = await held(METADATA);
  const client = await clientOf(state);
  const controller = new AbortController();
  const first = client.beginAuthorization();
  const waiting = rejection(client.beginAuthorization({ signal: controller.signal }));
  await arrived;
  controller.abort('enough');
  assert.equal((await waiting).cause, 'enough');
  release();
  await first;
  assert.equal(state.at(METADATA).length, 1);
});

test('a time limit is that of the call which has it: one with more patience asks again', async () => {
  const { state, release } = await held(METADATA);
  const client = await clientOf(state);
  const hasty = rejection(client.beginAuthorization({ timeoutMs: 50 }));
  const hastyToo = rejection(client.beginAuthorization({ timeoutMs: 50 }));
  const patient = client.beginAuthorization({ timeoutMs: 20_000 });
  assert.deepEqual([(await hasty).code, (await hastyToo).code], ['timeout', 'timeout']);
  release();
  await patient;
  assert.equal(state.at(METADATA).length, 2);
});

test('twenty logins at once ask for the server’s keys once', async () => {
  const { state, arrived, release } = await held('/oauth/jwks');
  const { client } = await connectTo(state);
  const complete = async (_, index) => {
    const { pending } = await client.beginAuthorization();
    const code = `code-${index}`;
    state.nonces.set(code, pending.nonce);
    const query = new URLSearchParams({ code, state: pending.state, iss: state.origin });
    return client.completeAuthorization(`${REDIRECT_URI}?${query}`, pending, { key: `user-${index}` });
  };
  const logins = Array.from({ length: 20 }, complete);
  await arrived;
  release();
  assert.equal((await Promise.all(logins)).length, 20);
  assert.equal(state.at('/oauth/jwks').length, 1);
});
