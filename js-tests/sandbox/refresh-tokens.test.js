// The three kinds of refresh-token servers: rotation, rotation with a grace window, no rotation.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { authorizationRequest, connect, exchange, get, refresh, sandboxFor } from './plain-client.js';

/** A second use of a refresh token revoked everything that its grant gave rise to. */
async function assertRevoked(sandbox, usedAgain, { access_token, refresh_token }) {
  const again = await refresh(sandbox, usedAgain);
  assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
  assert.equal((await get(sandbox, '/accounts', access_token)).status, 401);
  assert.equal((await refresh(sandbox, refresh_token)).body.error, 'invalid_grant');
}

describe('refreshTokens', () => {
  it('rotate: a second use revokes the grant, as without the option', async (t) => {
    for (const options of [{}, { refreshTokens: 'rotate' }]) {
      const sandbox = await sandboxFor(t, options);
      const first = await connect(sandbox);
      const second = (await refresh(sandbox, first.refresh_token)).body;
      assert.notEqual(second.refresh_token, first.refresh_token);
      await assertRevoked(sandbox, first.refresh_token, second);
    }
  });

  it('grace: a second use gives another token pair within 10 seconds of the sandbox clock', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'grace' });
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh_token)).body;
    sandbox.clock.advance(2_000);
    const again = await refresh(sandbox, first.refresh_token);
    assert.equal(again.status, 200);
    const tokens = [first, second, again.body].map(({ refresh_token }) => refresh_token);
    assert.equal(new Set(tokens).size, 3);
    for (const { access_token } of [second, again.body])
      assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
    assert.equal((await refresh(sandbox, again.body.refresh_token)).status, 200);
  });

  it('grace: a second use revokes the grant when the window is over, which no use extends', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'grace' });
    const first = await connect(sandbox);
    await refresh(sandbox, first.refresh_token);
    sandbox.clock.advance(2_000);
    const again = (await refresh(sandbox, first.refresh_token)).body;
    sandbox.clock.advance(9_000);
    await assertRevoked(sandbox, first.refresh_token, again);
  });

  it('grace: a second use revokes the grant when a newer token has been used', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'grace' });
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh_token)).body;
    const third = (await refresh(sandbox, second.refresh_token)).body;
    await assertRevoked(sandbox, first.refresh_token, third);
  });

  it('grace: a refresh token that was revoked is refused', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'grace' });
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh_token)).body;
    await fetch(`${sandbox.origin}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: second.refresh_token, client_id: sandbox.clients.web.clientId }),
    });
    assert.equal((await refresh(sandbox, first.refresh_token)).body.error, 'invalid_grant');
  });

  it('grace: an authorization code is accepted once', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'grace' });
    const { url, verifier } = authorizationRequest(sandbox);
    const callback = await approve(url);
    assert.equal((await exchange(sandbox, callback, verifier)).status, 200);
    assert.equal((await exchange(sandbox, callback, verifier)).body.error, 'invalid_grant');
  });

  it('keep: every use gives a new access token and the same refresh token', async (t) => {
    const sandbox = await sandboxFor(t, { refreshTokens: 'keep' });
    const first = await connect(sandbox);
    for (let use = 0; use < 2; use += 1) {
      const { status, body } = await refresh(sandbox, first.refresh_token);
      assert.equal(status, 200);
      assert.equal(body.refresh_token, first.refresh_token);
      assert.notEqual(body.access_token, first.access_token);
      assert.equal((await get(sandbox, '/accounts', body.access_token)).status, 200);
    }
  });

  it('an unknown mode is refused', async () => {
    await assert.rejects(startSandbox({ refreshTokens: 'never' }), {
      name: 'TypeError',
      message: 'refreshTokens must be one of rotate, grace, keep, got "never"',
    });
  });
});
