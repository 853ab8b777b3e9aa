/** What a server's answers and error texts may do: nothing beyond what they say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedSession, connectTo, fapi, KEYS, maliciousServer } from '../support/malicious-server.mjs';
import { rejection } from '../support/rejection.mjs';
import { json } from '../support/server.mjs';

/** A fault that answers at `path` with JSON. */
const at = (path, body, status = 400) => ({ [path]: ({ response }) => json(response, body, status) });

test('server codes: one of this SDK’s own stands in serverCode and steers nothing when a refresh is refused with it', async () => {
  for (const code of ['refresh_outcome_unknown', 'session_not_found', 'tokens_not_stored', 'http_200']) {
    const state = await maliciousServer();
    const { session } = await connectedSession(state);
    state.faults.answers = at('/oauth/token', { error: code });
    const error = await rejection(session.refresh());
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
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  state.faults.answers = at('/aisp/v1/accounts', { error: 'deadline_exceeded' }, 404);
  const error = await rejection(session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.serverCode, error.status],
    ['ApiError', 'http_404', 'deadline_exceeded', 404],
  );
});

test('server codes: others stand in code alone', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  state.faults.answers = at('/aisp/v1/accounts', { error: 'provider_error' }, 404);
  const error = await rejection(session.accounts());
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
    const { complete } = await connectTo(await maliciousServer(), {}, { parameters });
    const error = await rejection(complete());
    assert.deepEqual(
      [error.name, error.code, error.serverCode, error.retryable],
      ['AuthorizationError', code, serverCode, false],
    );
    assert.match(error.message, /: one two \[2J y+…$/);
    assert.ok(error.message.length < 600);
  }
});

/** Answers with a body of `[0,0,…` that goes on until the client closes; `sent` counts its bytes. */
function endless(status, sent = { bytes: 0 }) {
  const chunk = `[${'0,'.repeat(8000)}`;
  const answer = ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    const write = () => {
      while (!response.destroyed && response.write(chunk)) sent.bytes += chunk.length;
    };
    response.on('drain', write);
    write();
    return true;
  };
  return { answer, sent };
}

/** The calls that lead to an answer of the authorization server, by its path. */
const calls = {
  '/.well-known/openid-configuration': (state) => connectTo(state),
  '/oauth/par': (state) => connectTo(state, fapi),
  '/oauth/jwks': async (state) => (await connectTo(state)).complete(),
  '/oauth/token': async (state) => (await connectTo(state)).complete(),
  '/oauth/userinfo': async (state) => (await connectedSession(state)).session.userInfo(),
  '/oauth/revoke': async (state) => (await connectedSession(state)).session.revoke(),
};

for (const [path, call] of Object.entries(calls)) {
  test(`bodies: the first MB of a success is read and no more when ${path} sends without end`, async () => {
    const { answer, sent } = endless(200);
    const error = await rejection(call(await maliciousServer({ answers: { [path]: answer } })));
    assert.deepEqual([error.name, error.code, error.status], ['ResponseError', 'body_too_large', 200]);
    // What the sockets hold between both comes on top.
    assert.ok(sent.bytes < 16_000_000, String(sent.bytes));
  });

  test(`bodies: an error keeps its status when ${path} sends without end`, async () => {
    const { answer } = endless(400);
    const error = await rejection(call(await maliciousServer({ answers: { [path]: answer } })));
    const name = path === '/oauth/userinfo' ? 'ApiError' : 'OAuthError';
    assert.deepEqual([error.name, error.code, error.status], [name, 'http_400', 400]);
    assert.ok(error.message.length < 400);
  });
}

test('bodies: an error of the API keeps its status when it sends without end', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  state.faults.answers = { '/aisp/v1/accounts': endless(404).answer };
  const error = await rejection(session.accounts());
  assert.deepEqual([error.name, error.code, error.status], ['ApiError', 'http_404', 404]);
});

test('bodies: one of more values than any message has is no answer', async () => {
  const body = `[${'0,'.repeat(450_000)}0]`;
  for (const [path, call] of Object.entries(calls)) {
    if (path === '/oauth/revoke') continue;
    const answers = { [path]: ({ response }) => Boolean(response.end(body)) || true };
    const error = await rejection(call(await maliciousServer({ answers })));
    assert.deepEqual(
      [error.name, error.code, error.status],
      ['ResponseError', 'invalid_response', 200],
      path,
    );
  }
});

test('bodies: a page of the API may have as many bytes as maxBodyBytes', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  const accounts = Array.from({ length: 10_000 }, (_, n) => ({
    account_id: `acc_${n}`,
    currency: 'EUR',
    account_type: 'current',
    name: 'x'.repeat(100),
  }));
  state.faults.answers = at('/aisp/v1/accounts', { accounts }, 200);
  assert.equal((await session.accounts()).items.length, 10_000);
});

/** An answer with status 200 that is refused, and the error's name and code. */
const refused = {
  'a token answer without a token': [
    { tokens: () => ({ access_token: undefined }) },
    calls['/oauth/token'],
    'ResponseError',
    'invalid_response',
  ],
  'a token answer that is empty': [
    { answers: { '/oauth/token': ({ response }) => Boolean(response.end()) || true } },
    calls['/oauth/token'],
    'ResponseError',
    'empty_body',
  ],
  'a token answer that is a page': [
    { answers: { '/oauth/token': ({ response }) => Boolean(response.end('<h1>Hello</h1>')) || true } },
    calls['/oauth/token'],
    'ResponseError',
    'invalid_response',
  ],
  'a key set without keys': [
    { answers: at('/oauth/jwks', { keys: 'none' }, 200) },
    calls['/oauth/jwks'],
    'ResponseError',
    'invalid_response',
  ],
  'metadata that is a page': [
    {
      answers: {
        '/.well-known/openid-configuration': ({ response }) => Boolean(response.end('<h1>')) || true,
      },
    },
    calls['/.well-known/openid-configuration'],
    'ResponseError',
    'invalid_response',
  ],
  'metadata without an endpoint': [
    { metadata: () => ({ token_endpoint: undefined }) },
    calls['/.well-known/openid-configuration'],
    'ResponseError',
    'invalid_response',
  ],
  'metadata of another issuer': [
    { metadata: () => ({ issuer: 'https://evil.example' }) },
    calls['/.well-known/openid-configuration'],
    'AuthorizationError',
    'issuer_mismatch',
  ],
  'a UserInfo that is a list': [
    { answers: at('/oauth/userinfo', [], 200) },
    calls['/oauth/userinfo'],
    'ResponseError',
    'invalid_response',
  ],
  'a UserInfo about another customer': [
    { userInfo: { sub: 'james' } },
    calls['/oauth/userinfo'],
    'OAuthError',
    'userinfo_subject',
  ],
  'an ID token that has expired': [
    { idToken: ({ iat }) => ({ exp: iat - 61 }) },
    calls['/oauth/token'],
    'OAuthError',
    'id_token_expired',
  ],
  'an ID token that is missing': [
    { signed: () => undefined },
    calls['/oauth/token'],
    'OAuthError',
    'id_token_missing',
  ],
  'an access token that is not bound': [
    { tokens: () => ({ token_type: 'Bearer' }) },
    async (state) => (await connectTo(state, { dpop: true })).complete(),
    'OAuthError',
    'token_not_bound',
  ],
  'accounts without a list': [
    { answers: at('/aisp/v1/accounts', {}, 200) },
    async (state) => (await connectedSession(state)).session.accounts(),
    'ResponseError',
    'invalid_response',
  ],
  'accounts that are empty': [
    { answers: { '/aisp/v1/accounts': ({ response }) => Boolean(response.end()) || true } },
    async (state) => (await connectedSession(state)).session.accounts(),
    'ResponseError',
    'empty_body',
  ],
};
for (const [name, [faults, call, type, code]] of Object.entries(refused)) {
  test(`status: the error has it when ${name} came`, async () => {
    const error = await rejection(call(await maliciousServer(faults)));
    assert.deepEqual([error.name, error.code, error.status, error.requestSent], [type, code, 200, 'yes']);
  });
}

test('status: the error of a pushed request has it when the answer names no request', async () => {
  for (const request_uri of [undefined, '', 'a b', 7]) {
    const answers = at('/oauth/par', { request_uri, expires_in: 60 }, 201);
    const error = await rejection(connectTo(await maliciousServer({ answers }), fapi));
    assert.deepEqual(
      [error.name, error.code, error.status, error.path],
      ['ResponseError', 'invalid_response', 201, 'pushed authorization response.request_uri'],
    );
  }
});

test('status: the error of a repeated cursor has it', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  state.faults.answers = at('/aisp/v1/accounts', { accounts: [], next_cursor: 'again' }, 200);
  const error = await rejection(session.accounts().all({ limit: 5 }));
  assert.deepEqual([error.name, error.code, error.status], ['ResponseError', 'cursor_repeated', 200]);
});

test('envelopes: one without a required member, or with null there, is an error that names it', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  for (const [path, whole, call] of [
    ['/aisp/v1/accounts', { accounts: [] }, () => session.accounts()],
    ['/aisp/v1/accounts/a/balances', { account_id: 'a', balances: [] }, () => session.balances('a')],
    [
      '/aisp/v1/accounts/a/transactions',
      { account_id: 'a', transactions: [] },
      () => session.transactions('a'),
    ],
  ]) {
    state.faults.answers = at(path, whole, 200);
    await call();
    for (const member of Object.keys(whole)) {
      for (const value of [undefined, null]) {
        state.faults.answers = at(path, { ...whole, [member]: value }, 200);
        const error = await rejection(call());
        assert.deepEqual(
          [error.name, error.code, error.status, error.path],
          ['ResponseError', 'invalid_response', 200, member],
        );
      }
    }
  }
});

test('metadata: an issuer of https names no endpoint over http, on loopback neither', async () => {
  const issuer = 'https://as.example';
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
    const state = await maliciousServer();
    state.faults.metadata = (document) => {
      const secured = Object.entries(document).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.replace(state.origin, issuer) : value,
      ]);
      return { ...Object.fromEntries(secured), [name]: `${state.origin}/oauth/x` };
    };
    const options = {
      environment: { baseUrl: `${issuer}/aisp/v1` },
      fetch: (url, init) => fetch(url.replace(issuer, state.origin), init),
    };
    const error = await rejection(connectTo(state, options));
    assert.deepEqual(
      [error.name, error.path, error.found, error.status],
      ['ResponseError', `openid-configuration.${name}`, 'plain http', 200],
    );
    state.faults.metadata = (document) =>
      JSON.parse(JSON.stringify(document).replaceAll(state.origin, issuer));
    await connectTo(state, options);
  }
});

test('metadata: an endpoint with a fragment is refused', async () => {
  const metadata = ({ authorization_endpoint }) => ({
    authorization_endpoint: `${authorization_endpoint}#x`,
  });
  const error = await rejection(connectTo(await maliciousServer({ metadata })));
  assert.deepEqual([error.path, error.found], ['openid-configuration.authorization_endpoint', 'a fragment']);
});

test('ID tokens: nbf has to be a time that has come, when it is there', async () => {
  await connectedSession(await maliciousServer({ idToken: ({ iat }) => ({ nbf: iat + 30 }) }));
  for (const change of [({ iat }) => iat + 120, ({ iat }) => String(iat), () => [0], () => -1]) {
    const idToken = (claims) => ({ nbf: change(claims) });
    const error = await rejection(async () =>
      (await connectTo(await maliciousServer({ idToken }))).complete(),
    );
    assert.equal(error.code, 'id_token_issued_at');
  }
});

test('key sets: a key whose use, key_ops or alg says something else verifies nothing', async () => {
  for (const change of [
    { use: 'enc' },
    { use: ['sig'] },
    { use: '' },
    { key_ops: 'verify' },
    { key_ops: ['sign'] },
    { alg: 7 },
  ]) {
    const state = await maliciousServer();
    state.keys = [{ jwk: { ...KEYS.ES256.jwk, ...change } }];
    const error = await rejection(async () => (await connectTo(state)).complete());
    assert.equal(error.code, 'id_token_signature', JSON.stringify(change));
  }
});
