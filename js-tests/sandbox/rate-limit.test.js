// The published rate limits, enforced.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connect, get, refresh, sandboxFor } from './plain-client.js';

const call = (sandbox, token) => get(sandbox, '/accounts?limit=1', token);

it('answers 429 with Retry-After after 50 calls in 10 seconds, and again after the window', async (t) => {
  const sandbox = await sandboxFor(t);
  const { access_token } = await connect(sandbox);
  for (let i = 0; i < 50; i += 1) assert.equal((await call(sandbox, access_token)).status, 200, `call ${i}`);
  const { status, headers, body } = await call(sandbox, access_token);
  assert.equal(status, 429);
  assert.equal(body.error, 'rate_limit_exceeded');
  const wait = Number(headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 10);
  assert.equal(headers.get('ratelimit-remaining'), '0');
  sandbox.clock.advance(wait * 1000);
  assert.equal((await call(sandbox, access_token)).status, 200);
});

it('allows 100 calls in a minute', async (t) => {
  const sandbox = await sandboxFor(t);
  const { access_token } = await connect(sandbox);
  for (let i = 0; i < 100; i += 1) {
    if (i % 50 === 0) sandbox.clock.advance(11_000);
    assert.equal((await call(sandbox, access_token)).status, 200, `call ${i}`);
  }
  sandbox.clock.advance(11_000);
  const { status, headers } = await call(sandbox, access_token);
  assert.equal(status, 429);
  assert.ok(Number(headers.get('retry-after')) > 10);
});

it('counts each client by itself, and API calls only', async (t) => {
  const sandbox = await sandboxFor(t, { rateLimit: [{ limit: 2, seconds: 60 }] });
  const web = await connect(sandbox);
  const server = await connect(sandbox, { client: sandbox.clients.server });
  let { refresh_token } = web;
  for (let i = 0; i < 3; i += 1) ({ refresh_token } = (await refresh(sandbox, refresh_token)).body);
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await call(sandbox, web.access_token)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
  assert.equal((await call(sandbox, server.access_token)).status, 200);
});

it('can be switched off', async (t) => {
  const sandbox = await sandboxFor(t, { rateLimit: false });
  const { access_token } = await connect(sandbox);
  for (let i = 0; i < 120; i += 1) assert.equal((await call(sandbox, access_token)).status, 200);
});
