/** A server that is hard to please with proofs: nonces that can't be read, never suffice or change each time, and no algorithm of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedSession, connectTo, fapi, maliciousServer } from '../support/malicious-server.mjs';
import { rejection } from '../support/rejection.mjs';
import { json } from '../support/server.mjs';

test('unreadable-nonce: a nonce that can’t be read is an error that names the CORS header', async () => {
  const refusal = ({ response }) => json(response, { error: 'use_dpop_nonce' }, 400);
  const error = await rejection(
    connectTo(await maliciousServer({ answers: { '/oauth/par': refusal } }), fapi),
  );
  assert.equal(error.code, 'dpop_nonce_unreadable');
  assert.match(error.message, /Access-Control-Expose-Headers/);
  const api = ({ response }) => json(response, { error: 'use_dpop_nonce' }, 401);
  const { session } = await connectedSession(
    await maliciousServer({ answers: { '/aisp/v1/accounts': api } }),
    fapi,
  );
  assert.equal((await rejection(session.accounts())).code, 'dpop_nonce_unreadable');
});

test('nonce-retry: a server that never has enough of nonces is asked twice, not for ever', async () => {
  let count = 0;
  const never = ({ response }) =>
    json(response, { error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': `nonce-${++count}` });
  const error = await rejection(connectTo(await maliciousServer({ answers: { '/oauth/par': never } }), fapi));
  assert.deepEqual([error.code, count], ['use_dpop_nonce', 2]);

  const state = await maliciousServer();
  const { session } = await connectedSession(state, { dpop: true });
  const refusal = ({ response }) =>
    json(response, { error: 'use_dpop_nonce' }, 401, { 'dpop-nonce': `nonce-${++count}` });
  state.faults.answers = { '/aisp/v1/accounts': refusal };
  assert.equal((await rejection(session.accounts())).code, 'use_dpop_nonce');
  // Twice with the token, and twice with the one that a refresh gave.
  assert.equal(state.at('/aisp/v1/accounts').length, 4);
});

test('newest-nonce, nonce-retry: each proof has the newest nonce, also one that came with a success', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state, { dpop: true });
  const sent = [];
  state.faults.answers = {
    '/aisp/v1/accounts': ({ request, response }) => {
      sent.push(JSON.parse(Buffer.from(request.headers.dpop.split('.')[1], 'base64url')).nonce);
      return json(response, { accounts: [] }, 200, { 'dpop-nonce': `nonce-${sent.length}` });
    },
  };
  for (let i = 0; i < 3; i++) await session.accounts();
  assert.deepEqual(sent, [undefined, 'nonce-1', 'nonce-2']);
});

test('proof-form: a server that supports none of our algorithms is an error before anything is sent', async () => {
  const state = await maliciousServer({ metadata: () => ({ dpop_signing_alg_values_supported: ['ES512'] }) });
  assert.equal((await rejection(connectTo(state, fapi))).code, 'dpop_unsupported');
});
