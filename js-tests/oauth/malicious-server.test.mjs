/** A server that lies, downgrades, redirects and forges: each time a typed error, and nothing of its answer is used. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import {
  atHash,
  connectedSession,
  connectTo,
  fapi,
  KEYS,
  key,
  maliciousServer,
} from '../support/malicious-server.mjs';
import { rejection } from '../support/rejection.mjs';
import { json } from '../support/server.mjs';

const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('malicious server, no fault: login, refresh and userinfo succeed in both profiles', async () => {
  for (const options of [{}, fapi]) {
    const { session } = await connectedSession(await maliciousServer(), options);
    assert.deepEqual((await session.accounts()).items, []);
    await session.refresh();
    assert.equal((await session.userInfo()).sub, 'anna');
  }
});

test('bound-tokens: a bearer token where one bound to the key was asked for is refused, and nothing of it is stored', async () => {
  for (const options of [fapi, { dpop: true }]) {
    const state = await maliciousServer({ tokens: () => ({ token_type: 'Bearer' }) });
    const { complete, client } = await connectTo(state, options);
    const error = await rejection(complete());
    assert.deepEqual([error.name, error.code, error.reauthRequired], ['OAuthError', 'token_not_bound', true]);
    assert.equal(await client.session(), null);
    assert.ok(!JSON.stringify(error).includes('of-the-test'));
  }
});

test('bound-tokens: a refresh that gives a bearer token is refused too', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state, { dpop: true });
  state.faults.tokens = () => ({ token_type: 'bearer' });
  assert.equal((await rejection(session.refresh())).code, 'token_not_bound');
});

test('token-type: token_type is compared without case', async () => {
  for (const [token_type, options] of [
    ['dpop', { dpop: true }],
    ['DPOP', fapi],
    ['bEARER', {}],
  ]) {
    const { session } = await connectedSession(
      await maliciousServer({ tokens: () => ({ token_type }) }),
      options,
    );
    await session.accounts();
  }
});

test('metadata-endpoints: the default paths stand in for a 404 in the profile oauth2, and for nothing else', async () => {
  const missing = { '/.well-known/openid-configuration': ({ response }) => json(response, {}, 404) };
  const { complete } = await connectTo(await maliciousServer({ answers: missing }));
  assert.deepEqual((await (await complete()).accounts()).items, []);
  assert.equal((await rejection(connectTo(await maliciousServer({ answers: missing }), fapi))).status, 404);
  for (const status of [401, 403, 410, 500, 503]) {
    const answers = { '/.well-known/openid-configuration': ({ response }) => json(response, {}, status) };
    const error = await rejection(connectTo(await maliciousServer({ answers })));
    assert.deepEqual([error.name, error.status], ['OAuthError', status]);
  }
});

test('configured-issuer, exact-issuer: metadata of another issuer is refused', async () => {
  for (const change of [
    (issuer) => `${issuer}/`,
    (issuer) => issuer.toUpperCase(),
    () => 'https://evil.example',
  ]) {
    const state = await maliciousServer({ metadata: ({ issuer }) => ({ issuer: change(issuer) }) });
    assert.equal((await rejection(connectTo(state))).code, 'issuer_mismatch');
  }
});

test('endpoints over plain http beyond loopback are refused', async () => {
  const state = await maliciousServer({ metadata: () => ({ token_endpoint: 'http://evil.example/token' }) });
  const error = await rejection(connectTo(state));
  assert.deepEqual([error.name, error.path], ['ResponseError', 'openid-configuration.token_endpoint']);
});

test('no-redirects: no call to the authorization server follows a redirect', async () => {
  const trap = await maliciousServer();
  for (const path of ['/.well-known/openid-configuration', '/oauth/par', '/oauth/jwks', '/oauth/token']) {
    for (const status of [302, 307, 308]) {
      const redirect = ({ response }) => {
        response.writeHead(status, { location: trap.origin + path }).end();
        return true;
      };
      const state = await maliciousServer({ answers: { [path]: redirect } });
      const error = await rejection(async () => (await connectTo(state, fapi)).complete());
      assert.deepEqual([error.name, error.code], ['ResponseError', 'unexpected_redirect'], path);
    }
  }
  const state = await maliciousServer();
  const { session } = await connectedSession(state, fapi);
  for (const [path, call] of [
    ['/oauth/userinfo', () => session.userInfo()],
    ['/oauth/revoke', () => session.revoke()],
  ]) {
    state.faults.answers = {
      [path]: ({ response }) => {
        response.writeHead(302, { location: trap.origin + path }).end();
        return true;
      },
    };
    assert.equal((await rejection(call())).code, 'unexpected_redirect', path);
  }
  assert.deepEqual(trap.requests, []);
});

for (const [name, parameters, code] of [
  ['issuer-comparison: a callback from another issuer', { iss: 'https://evil.example' }, 'issuer_mismatch'],
  ['issuer-comparison: an issuer that differs by a slash', {}, 'issuer_mismatch'],
  [
    'issuer-of-errors: an error response from another issuer',
    { iss: 'https://evil.example', error: 'access_denied', code: '' },
    'issuer_mismatch',
  ],
  ['redirect-csrf: a forged state', { state: 'forged' }, 'state_mismatch'],
  ['no-token-in-callback: a token in the callback', { access_token: 'x' }, 'token_in_callback'],
  ['no-token-in-callback: an ID token in the callback', { id_token: 'x' }, 'token_in_callback'],
]) {
  test(`${name} is refused, and the code is not sent`, async () => {
    const state = await maliciousServer();
    const changed = name.includes('slash') ? { iss: `${state.origin}/` } : parameters;
    const { complete } = await connectTo(state, {}, { parameters: changed });
    const error = await rejection(complete());
    assert.deepEqual([error.name, error.code], ['AuthorizationError', code]);
    assert.equal(state.at('/oauth/token').length, 0);
  });
}

test('promised-issuer: a missing issuer is refused where the metadata promises it', async () => {
  const state = await maliciousServer();
  const { client, callback, begun } = await connectTo(state);
  const bare = callback.replace(/&iss=[^&]*/, '');
  assert.equal((await rejection(client.completeAuthorization(bare, begun.pending))).code, 'missing_issuer');
  assert.equal(state.at('/oauth/token').length, 0);
});

test('pending-issuer: a pending authorization of another issuer is refused', async () => {
  const [one, two] = [await maliciousServer(), await maliciousServer()];
  const { begun, callback } = await connectTo(one);
  const { client } = await connectTo(two);
  const error = await rejection(client.completeAuthorization(callback, begun.pending));
  assert.equal(error.code, 'pending_mismatch');
  assert.equal(two.at('/oauth/token').length, 0);
});

/** What is wrong with an ID token, and the code of the error. */
const forgeries = {
  'id-token-claims: from another issuer': [() => ({ iss: 'https://evil.example' }), 'id_token_issuer'],
  'id-token-claims: for another client': [() => ({ aud: 'other' }), 'id_token_audience'],
  'id-token-claims: for several without azp': [() => ({ aud: ['test', 'other'] }), 'id_token_audience'],
  'id-token-claims: for another party': [
    () => ({ aud: ['test', 'other'], azp: 'other' }),
    'id_token_audience',
  ],
  'id-token-claims: that has expired': [({ iat }) => ({ exp: iat - 61 }), 'id_token_expired'],
  'id-token-claims: without expiry': [() => ({ exp: undefined }), 'id_token_expired'],
  'id-token-claims: from the future': [({ iat }) => ({ iat: iat + 120 }), 'id_token_issued_at'],
  'id-token-claims: without iat': [() => ({ iat: undefined }), 'id_token_issued_at'],
  'id-token-claims: with another nonce': [() => ({ nonce: 'replayed' }), 'id_token_nonce'],
  'id-token-claims: without a nonce': [() => ({ nonce: undefined }), 'id_token_nonce'],
  'id-token-claims: of another access token': [() => ({ at_hash: atHash('another') }), 'id_token_at_hash'],
  'id-token-claims: without a subject': [() => ({ sub: undefined }), 'id_token_subject'],
};
for (const [name, [idToken, code]] of Object.entries(forgeries)) {
  test(`id-token-first, ${name}: an ID token is refused, and no token of the answer is used`, async () => {
    const state = await maliciousServer({ idToken });
    const { complete, client, tokenStore } = await connectTo(state);
    const error = await rejection(complete());
    assert.deepEqual([error.name, error.code, error.reauthRequired], ['OAuthError', code, true]);
    assert.equal(await client.session(), null);
    assert.equal(await tokenStore.get('session:default'), null);
    assert.equal(state.at('/aisp/v1/accounts').length, 0);
  });
}

const unsigned = (claims) => `${b64({ alg: 'none' })}.${b64(claims)}.`;
const symmetric = (claims) => {
  const input = `${b64({ alg: 'HS256', kid: 'key-ES256' })}.${b64(claims)}`;
  return `${input}.${createHmac('sha256', JSON.stringify(KEYS.ES256.jwk)).update(input).digest('base64url')}`;
};
const strangers = await key('ES256', 'key-ES256');
const signedBy =
  ({ privateKey, alg }, header = {}) =>
  (claims) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid: `key-${alg}`, ...header }).sign(privateKey);

for (const [name, signed, code] of [
  ['with alg none', unsigned, 'id_token_algorithm'],
  ['signed with a public key as an HMAC secret', symmetric, 'id_token_algorithm'],
  ['signed by a stranger under a known kid', signedBy(strangers), 'id_token_signature'],
  ['with a key of its own in the header', signedBy(strangers, { jwk: strangers.jwk }), 'id_token_signature'],
  ['that names a kid of another algorithm', signedBy(KEYS.ES256, { kid: 'key-PS256' }), 'id_token_signature'],
  ['that is no JWT', () => 'nonsense', 'id_token_malformed'],
  ['that is missing', () => undefined, 'id_token_missing'],
]) {
  test(`signature-algorithms, id-token-claims: an ID token ${name} is refused`, async () => {
    const { complete, client } = await connectTo(await maliciousServer({ signed }));
    assert.equal((await rejection(complete())).code, code);
    assert.equal(await client.session(), null);
  });
}

test('signature-algorithms: PS256, ES256 and EdDSA are accepted in both profiles, RS256 in oauth2 only', async () => {
  for (const alg of ['PS256', 'ES256', 'EdDSA', 'RS256']) {
    for (const options of [{}, fapi]) {
      const state = Object.assign(await maliciousServer(), { alg });
      const { complete } = await connectTo(state, options);
      if (alg === 'RS256' && options === fapi)
        assert.equal((await rejection(complete())).code, 'id_token_algorithm');
      else await complete();
    }
  }
});

test('id-token-claims: acr is checked where it was asked for', async () => {
  for (const request of [
    { acrValues: ['sca', 'sca2'] },
    { claims: { id_token: { acr: { essential: true, values: ['sca', 'sca2'] } } } },
  ]) {
    const good = await connectTo(
      await maliciousServer({ idToken: () => ({ acr: 'sca2' }) }),
      {},
      { request },
    );
    await good.complete();
    for (const acr of ['password', undefined]) {
      const { complete } = await connectTo(
        await maliciousServer({ idToken: () => ({ acr }) }),
        {},
        { request },
      );
      assert.equal((await rejection(complete())).code, 'id_token_acr');
    }
  }
});

test('id-token-claims: half a minute of skew is tolerated, more is reported with both clocks', async () => {
  await connectedSession(await maliciousServer({ idToken: ({ iat }) => ({ iat: iat + 30, exp: iat - 30 }) }));
  const { complete } = await connectTo(await maliciousServer({ idToken: ({ iat }) => ({ exp: iat - 100 }) }));
  assert.match((await rejection(complete())).message, /exp 20.*, server's clock 20/);
});

test('decoy-keys: decoys and duplicate kids in the key set do no harm', async () => {
  const state = await maliciousServer();
  const decoy = (jwk) => ({ jwk: { ...KEYS.ES256.jwk, ...jwk } });
  state.keys = [
    { jwk: null },
    decoy({ x: 'AAAA' }),
    decoy({ use: 'enc' }),
    decoy({ alg: 'ES384' }),
    { jwk: { kty: 'oct', k: 'AAAA', kid: 'key-ES256' } },
    { jwk: strangers.jwk },
    { jwk: KEYS.ES256.jwk },
  ];
  const { session } = await connectedSession(state);
  await session.refresh();
  assert.equal(state.at('/oauth/jwks').length, 1);
});

test('a rotated key is found by one more request, which is not made for every unknown key', async (t) => {
  const state = await maliciousServer();
  const fresh = await key('ES256', 'fresh');
  const { client, begun, callback } = await connectTo(state);
  await client.completeAuthorization(callback, begun.pending);
  state.faults.signed = signedBy(fresh, { kid: 'fresh' });
  state.keys = [{ jwk: fresh.jwk }];
  const again = async () => {
    const { pending } = await client.beginAuthorization();
    state.nonce = pending.nonce;
    const query = { code: 'c', state: pending.state, iss: state.origin };
    return client.completeAuthorization(`http://127.0.0.1:9/callback?${new URLSearchParams(query)}`, pending);
  };
  assert.equal((await rejection(again())).code, 'id_token_signature');
  assert.equal(state.at('/oauth/jwks').length, 1);
  const { now } = Date;
  t.mock.method(Date, 'now', () => now() + 31_000);
  await again();
  assert.equal(state.at('/oauth/jwks').length, 2);
});

test('keys that can’t be had are an error before the code is spent, which can be tried again', async () => {
  const state = await maliciousServer({
    answers: { '/oauth/jwks': ({ response }) => json(response, {}, 503) },
  });
  const { complete } = await connectTo(state);
  const error = await rejection(complete());
  assert.deepEqual([error.name, error.status, error.retryable], ['OAuthError', 503, true]);
  assert.equal(state.at('/oauth/token').length, 0);
  state.faults.answers = {};
  await complete();
});

test('renewed-id-token: a renewed ID token about somebody else, from elsewhere or for another client is refused', async () => {
  for (const [change, code] of [
    [{ sub: 'james' }, 'id_token_subject'],
    [{ iss: 'https://evil.example' }, 'id_token_issuer'],
    [{ aud: 'other' }, 'id_token_audience'],
    [{ nonce: 'other' }, 'id_token_nonce'],
  ]) {
    const state = await maliciousServer({ idToken: (_, renewed) => (renewed ? change : {}) });
    const { session } = await connectedSession(state);
    assert.equal((await rejection(session.refresh())).code, code);
  }
});

test('renewed-id-token: keys that can’t be had at a refresh cost the renewed ID token, not the login', async (t) => {
  const state = await maliciousServer();
  const { session, client } = await connectedSession(state);
  const hint = () => new URL(session.logoutUrl()).searchParams.get('id_token_hint');
  const before = hint();
  state.faults.answers = { '/oauth/jwks': ({ response }) => json(response, {}, 503) };
  const { now } = Date;
  t.mock.method(Date, 'now', () => now() + 700_000);
  // The server's Date header shows the true time, by which tokens are judged.
  state.faults.idToken = ({ iat, exp }) => ({ iat: iat - 700, exp: exp - 700 });
  await session.refresh();
  assert.equal(hint(), before);
  assert.deepEqual((await (await client.session()).accounts()).items, []);
});

test('userinfo-subject: UserInfo about somebody else is refused', async () => {
  const { session } = await connectedSession(
    await maliciousServer({ userInfo: { sub: 'james', name: 'J' } }),
  );
  const error = await rejection(session.userInfo());
  assert.deepEqual([error.name, error.code], ['OAuthError', 'userinfo_subject']);
});

test('an ID token that nobody asked for is neither used nor kept', async () => {
  const state = await maliciousServer({ signed: unsigned });
  const { session, tokenStore } = await connectedSession(state, { scope: ['accounts'] });
  assert.ok(!(await tokenStore.get('session:default')).value.includes('eyJ'));
  assert.equal((await rejection(session.userInfo())).code, 'openid_needed');
});

test('optional-lifetime: expires_in may be missing or a string', async () => {
  for (const [expires_in, known] of [
    [undefined, false],
    ['3600', true],
    ['soon', false],
    [null, false],
  ]) {
    const { session } = await connectedSession(await maliciousServer({ tokens: () => ({ expires_in }) }));
    assert.equal(session.expiresAt !== undefined, known);
    await session.accounts();
  }
});

test('oauth-error: an OAuth error is read at any 4xx or 5xx, and a page of HTML is an error with status and snippet', async () => {
  for (const status of [400, 401, 403, 500, 503]) {
    const body = { error: 'invalid_grant', error_description: 'no' };
    const { complete } = await connectTo(
      await maliciousServer({ answers: { '/oauth/token': ({ response }) => json(response, body, status) } }),
    );
    const error = await rejection(complete());
    assert.deepEqual([error.code, error.status], ['invalid_grant', status]);
  }
  const page = ({ response }) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    return true;
  };
  const { complete } = await connectTo(await maliciousServer({ answers: { '/oauth/token': page } }));
  const error = await rejection(complete());
  assert.deepEqual([error.code, error.status], ['http_502', 502]);
  assert.match(error.message, /Bad gateway/);
});

const endings = {
  'an outage': ({ response }) => json(response, {}, 503),
  'a refusal': ({ response }) => json(response, { error: 'invalid_grant' }, 400),
  'text that is no JSON': ({ response }) => response.end('<h1>Hello</h1>'),
  'a connection that breaks': ({ request }) => request.socket.destroy(),
  'a body that breaks off': ({ response }) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{', () => response.destroy());
  },
};
for (const [name, ending] of Object.entries(endings)) {
  test(`code-once: after ${name} at the token endpoint the code is not sent again`, async () => {
    const answer = (exchange) => Boolean(ending(exchange) ?? true);
    const state = await maliciousServer({ answers: { '/oauth/token': answer } });
    const { complete } = await connectTo(state);
    const error = await rejection(complete());
    assert.deepEqual([error.reauthRequired, error.retryable], [true, false]);
    state.faults.answers = {};
    assert.equal((await rejection(complete())).code, 'pending_used');
    assert.equal(state.at('/oauth/token').length, 1);
  });
}

test('code-once: a code that was not sent, since the platform would not sign, may be sent later', async (t) => {
  const state = await maliciousServer();
  const { complete } = await connectTo(state, { clientAuth: fapi.clientAuth });
  t.mock.method(crypto.subtle, 'sign', () => Promise.reject(new Error('The key store is locked.')), {
    times: 1,
  });
  const error = await rejection(complete());
  assert.deepEqual([error.code, error.reauthRequired], ['crypto_unavailable', false]);
  assert.equal(state.at('/oauth/token').length, 0);
  await complete();
});

test('pushed-request: a server without the endpoint for pushed requests does not serve the profile fapi2', async () => {
  const state = await maliciousServer({
    metadata: () => ({ pushed_authorization_request_endpoint: undefined }),
  });
  assert.equal((await rejection(connectTo(state, fapi))).code, 'par_unsupported');
});

test('a refusal at the PAR endpoint has the server’s code', async () => {
  const refusal = ({ response }) => json(response, { error: 'invalid_authorization_details' }, 400);
  const error = await rejection(
    connectTo(await maliciousServer({ answers: { '/oauth/par': refusal } }), fapi),
  );
  assert.deepEqual([error.name, error.code], ['OAuthError', 'invalid_authorization_details']);
});

test('what may be asked for reaches the server, and details are pushed wherever that can be', async () => {
  const state = await maliciousServer();
  const request = {
    scope: ['openid', 'accounts'],
    prompt: 'login',
    loginHint: 'anna',
    acrValues: ['sca'],
    claims: { userinfo: { name: null } },
    authorizationDetails: { accounts: [{ iban: 'DE89370400440532013000' }], validUntil: '2026-12-31' },
  };
  const { begun } = await connectTo(state, {}, { request });
  const { form } = state.at('/oauth/par')[0];
  assert.equal(form.get('prompt'), 'login');
  assert.equal(form.get('login_hint'), 'anna');
  assert.equal(form.get('acr_values'), 'sca');
  assert.deepEqual(JSON.parse(form.get('claims')), request.claims);
  assert.deepEqual(JSON.parse(form.get('authorization_details')), [
    {
      type: 'account_information',
      actions: ['list_accounts', 'read_balances', 'read_transactions'],
      locations: [`${state.origin}/aisp/v1`],
      accounts: [{ iban: 'DE89370400440532013000' }],
      valid_until: '2026-12-31',
    },
  ]);
  assert.ok(!begun.url.includes('DE89'));
});

test('revoking where the server has no endpoint for it is an error that says so, and forgets the session here', async () => {
  const state = await maliciousServer({ metadata: () => ({ revocation_endpoint: undefined }) });
  const { session, client, tokenStore } = await connectedSession(state);
  const error = await rejection(session.revoke());
  assert.deepEqual(
    [error.name, error.code, error.retryable],
    ['OAuthError', 'revocation_unsupported', false],
  );
  assert.match(error.message, /names no `revocation_endpoint`, so the tokens stay valid until they expire/);
  assert.equal(await client.session(), null);
  assert.equal(await tokenStore.get('session:default'), null);
});

test('a refused revocation keeps the session, so that it can be tried again', async () => {
  const state = await maliciousServer();
  const { session, client } = await connectedSession(state);
  state.faults.answers = { '/oauth/revoke': ({ response }) => json(response, {}, 503) };
  assert.equal((await rejection(session.revoke())).status, 503);
  assert.notEqual(await client.session(), null);
  state.faults.answers = {};
  await session.revoke();
  assert.equal(await client.session(), null);
});

test('final-refusal: a refused refresh token is an error with reauthRequired', async () => {
  const state = await maliciousServer();
  const { session } = await connectedSession(state);
  const refusal = ({ response }) => json(response, { error: 'invalid_grant' }, 400);
  state.faults.answers = { '/oauth/token': refusal };
  const error = await rejection(session.refresh());
  assert.deepEqual([error.code, error.reauthRequired], ['invalid_grant', true]);
});
