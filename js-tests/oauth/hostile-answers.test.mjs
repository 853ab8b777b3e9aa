/** What a server's answers and error texts may do: nothing beyond what they say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectTo, hostile, json, sessionAt } from './hostile.mjs';
import { errorOf } from './support.mjs';

/** A fault that answers at `path` with JSON. */
const at = (path, body, status = 400) => ({ [path]: ({ response }) => json(response, body, status) });

test('server codes: one of this SDK’s own stands in serverCode and steers nothing when a refresh is refused with it', async () => {
  for (const code of ['refresh_outcome_unknown', 'session_not_found', 'tokens_not_stored', 'http_200']) {
    const state = await hostile();
    const { session } = await sessionAt(state);
    state.faults.answers = at('/oauth/token', { error: code });
    const error = await errorOf(session.refresh());
    assert.deepEqual(
      [error.name, error.code, error.serverCode, error.reauthRequired, error.requestSent],
      ['OAuthError', 'http_400', code, false, 'yes'],
    );
    assert.equal(error.toJSON().serverCode, code);
    state.faults.answers = {};
    await session.refresh();
    assert.deepEqual((await session.accounts()).items, []);
  }
});

test('server codes: one of this SDK’s own stands in serverCode when the API answers with it', async () => {
  const state = await hostile();
  const { session } = await sessionAt(state);
  state.faults.answers = at('/aisp/v1/accounts', { error: 'deadline_exceeded' }, 404);
  const error = await errorOf(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.serverCode, error.status],
    ['ApiError', 'http_404', 'deadline_exceeded', 404],
  );
});

test('server codes: others stand in code alone', async () => {
  const state = await hostile();
  const { session } = await sessionAt(state);
  state.faults.answers = at('/aisp/v1/accounts', { error: 'provider_error' }, 404);
  const error = await errorOf(session.accounts());
  assert.deepEqual([error.code, 'serverCode' in error], ['provider_error', false]);
});

test('callbacks: a refusal is cut, on one line, not retryable, and never has a code of this SDK', async () => {
  for (const [sent, code, serverCode] of [
    ['access_denied', 'access_denied', undefined],
    ['temporarily_unavailable', 'temporarily_unavailable', undefined],
    ['pending_used', 'authorization_refused', 'pending_used'],
    ['a\nb\u001b[31m', 'authorization_refused', undefined],
    ['x'.repeat(50_000), 'authorization_refused', undefined],
  ]) {
    const error_description = `one\r\ntwo\u001b[2J\u202e${'y'.repeat(50_000)}`;
    const parameters = { error: sent, code: '', error_description };
    const { complete } = await connectTo(await hostile(), {}, { parameters });
    const error = await errorOf(complete());
    assert.deepEqual(
      [error.name, error.code, error.serverCode, error.retryable],
      ['AuthorizationError', code, serverCode, false],
    );
    assert.match(error.message, /: one two \[2J y+…$/);
    assert.ok(error.message.length < 600);
  }
});
