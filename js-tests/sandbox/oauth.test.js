// The authorization code flow of the sandbox, over real HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { approve, deny, startSandbox } from '../support/sandbox.mjs';
import {
  authorizationRequest,
  basic,
  connect,
  exchange,
  get,
  REDIRECT_URI,
  refresh,
  sandboxFor,
  token,
} from './plain-client.js';

describe('OAuth', () => {
  let sandbox;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
  });
  after(() => sandbox.close());

  it('serves metadata with the documented paths, PKCE by S256, PAR, DPoP and iss in the callback', async () => {
    const metadata = await (await fetch(`${sandbox.origin}/.well-known/openid-configuration`)).json();
    const paths = {
      authorization_endpoint: '/oauth/authorize',
      token_endpoint: '/oauth/token',
      pushed_authorization_request_endpoint: '/oauth/par',
      revocation_endpoint: '/oauth/revoke',
      jwks_uri: '/oauth/jwks',
      userinfo_endpoint: '/oauth/userinfo',
      end_session_endpoint: '/oauth/logout',
    };
    for (const [name, path] of Object.entries(paths)) assert.equal(metadata[name], sandbox.origin + path);
    assert.equal(metadata.issuer, sandbox.origin);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.ok(metadata.dpop_signing_alg_values_supported.includes('ES256'));
    assert.ok(metadata.scopes_supported.includes('accounts'));
    const { keys } = await (await fetch(metadata.jwks_uri)).json();
    assert.deepEqual(
      keys.map(({ kty, alg, d }) => [kty, alg, d]),
      [
        ['EC', 'ES256', undefined],
        ['RSA', undefined, undefined],
        ['OKP', 'Ed25519', undefined],
      ],
    );
  });

  it('brings code, state and iss back, and exchanges the code of a public client for tokens', async () => {
    const { url, verifier } = authorizationRequest(sandbox);
    const callback = new URL(await approve(url));
    assert.equal(callback.origin + callback.pathname, REDIRECT_URI);
    assert.equal(callback.searchParams.get('state'), 'the-state');
    assert.equal(callback.searchParams.get('iss'), sandbox.origin);
    const { status, body } = await exchange(sandbox, callback, verifier);
    assert.equal(status, 200);
    assert.equal(body.token_type, 'Bearer');
    assert.equal(body.expires_in, 3600);
    assert.equal(body.scope, 'openid accounts offline_access');
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      assert.equal(typeof body[name], 'string');
  });

  for (const name of ['server', 'serverPost', 'oddCharacters']) {
    it(`authenticates the confidential client "${name}"`, async () => {
      const { access_token } = await connect(sandbox, { client: sandbox.clients[name] });
      assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
    });
  }

  it('refuses a client id and secret that are not form-encoded', async () => {
    const { clientId, clientSecret } = sandbox.clients.oddCharacters;
    const raw = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    assert.notEqual(raw, basic(sandbox.clients.oddCharacters));
    const response = await fetch(`${sandbox.origin}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: raw },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
    });
    assert.ok([400, 401].includes(response.status));
  });

  it('refuses a wrong secret', async () => {
    const client = { ...sandbox.clients.server, clientSecret: 'wrong' };
    const { status, body } = await token(
      sandbox,
      { grant_type: 'refresh_token', refresh_token: 'x' },
      { client },
    );
    assert.equal(status, 401);
    assert.equal(body.error, 'invalid_client');
  });

  it('gives no refresh token without offline_access', async () => {
    const tokens = await connect(sandbox, { parameters: { scope: 'openid accounts' } });
    assert.equal(tokens.refresh_token, undefined);
  });

  it('refuses a wrong verifier', async () => {
    const { url } = authorizationRequest(sandbox);
    const { verifier } = authorizationRequest(sandbox);
    const { status, body } = await exchange(sandbox, await approve(url), verifier);
    assert.equal(status, 400);
    assert.equal(body.error, 'invalid_grant');
  });

  it('refuses a request without PKCE', async () => {
    const { url } = authorizationRequest(sandbox);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const callback = new URL(await approve(url));
    assert.equal(callback.searchParams.get('error'), 'invalid_request');
  });

  it('revokes the grant when a code is used twice', async () => {
    const { url, verifier } = authorizationRequest(sandbox);
    const callback = await approve(url);
    const first = await exchange(sandbox, callback, verifier);
    assert.equal((await exchange(sandbox, callback, verifier)).body.error, 'invalid_grant');
    assert.equal((await get(sandbox, '/accounts', first.body.access_token)).status, 401);
  });

  it('rotates refresh tokens', async () => {
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh_token)).body;
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await get(sandbox, '/accounts', second.access_token)).status, 200);
  });

  it('revokes everything when a refresh token is used twice', async () => {
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh_token)).body;
    const reused = await refresh(sandbox, first.refresh_token);
    assert.equal(reused.status, 400);
    assert.equal(reused.body.error, 'invalid_grant');
    assert.equal((await refresh(sandbox, second.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await get(sandbox, '/accounts', second.access_token)).status, 401);
  });

  it('sends a denial back with error, state and iss', async () => {
    const { url } = authorizationRequest(sandbox);
    const { searchParams } = new URL(await deny(url));
    assert.equal(searchParams.get('error'), 'access_denied');
    assert.equal(searchParams.get('state'), 'the-state');
    assert.equal(searchParams.get('iss'), sandbox.origin);
    assert.equal(searchParams.get('code'), null);
  });

  it('asks for login and consent each time, so prompt=none is answered with login_required', async () => {
    const { url } = authorizationRequest(sandbox, { prompt: 'none' });
    assert.equal(new URL(await approve(url)).searchParams.get('error'), 'login_required');
  });

  it('refuses redirect URIs that are not on a loopback address', async () => {
    const { url } = authorizationRequest(sandbox, { redirect_uri: 'http://127.0.0.1.evil.example/callback' });
    await assert.rejects(approve(url), /stopped at \/oauth\/authorize/);
  });

  for (const redirectUri of [
    'http://localhost:3000/',
    'http://[::1]:9999/a/b',
    'http://127.0.0.1:1/cb?x=1',
  ]) {
    it(`takes the loopback redirect URI ${redirectUri}`, async () => {
      const { url } = authorizationRequest(sandbox, { redirect_uri: redirectUri });
      assert.ok(new URL(await approve(url)).searchParams.get('code'));
    });
  }

  it('revokes a refresh token and what hangs on it', async () => {
    const tokens = await connect(sandbox);
    const body = new URLSearchParams({
      token: tokens.refresh_token,
      client_id: sandbox.clients.web.clientId,
    });
    const response = await fetch(`${sandbox.origin}/oauth/revoke`, { method: 'POST', body });
    assert.equal(response.status, 200);
    assert.equal((await refresh(sandbox, tokens.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await get(sandbox, '/accounts', tokens.access_token)).status, 401);
  });

  it('tells at userinfo who the customer is', async () => {
    const parameters = { scope: 'openid accounts profile email' };
    const { access_token } = await connect(sandbox, { customer: { user: 'james' }, parameters });
    const headers = { Authorization: `Bearer ${access_token}` };
    const claims = await (await fetch(`${sandbox.origin}/oauth/userinfo`, { headers })).json();
    assert.equal(claims.sub, 'james');
    assert.equal(claims.name, 'James O’Connor');
  });

  it('grants single claims that are asked for', async () => {
    const claims = JSON.stringify({ userinfo: { email: null }, id_token: { name: { essential: true } } });
    const { access_token, id_token } = await connect(sandbox, { parameters: { scope: 'openid', claims } });
    const headers = { Authorization: `Bearer ${access_token}` };
    const userinfo = await (await fetch(`${sandbox.origin}/oauth/userinfo`, { headers })).json();
    assert.equal(userinfo.email, 'anna@customers.example');
    assert.equal(JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url')).name, 'Anna Żółkiewska');
  });

  it('serves plain OAuth without openid', async () => {
    const { access_token, id_token } = await connect(sandbox, {
      parameters: { scope: 'accounts', nonce: '' },
    });
    assert.equal(id_token, undefined);
    assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
  });

  it('takes a pushed authorization request', async () => {
    const { url, verifier } = authorizationRequest(sandbox);
    const pushed = await fetch(`${sandbox.origin}/oauth/par`, { method: 'POST', body: url.searchParams });
    assert.equal(pushed.status, 201);
    const { request_uri } = await pushed.json();
    const short = new URL(`${sandbox.origin}/oauth/authorize`);
    short.search = new URLSearchParams({ client_id: sandbox.clients.web.clientId, request_uri });
    const { body } = await exchange(sandbox, await approve(short), verifier);
    assert.ok(body.refresh_token, 'offline_access survives PAR');
  });

  it('knows clients that a test adds', async (t) => {
    const redirect = 'https://app.example/callback';
    const client = { clientId: 'mine', clientSecret: 'my-secret', authMethod: 'client_secret_basic' };
    const other = await sandboxFor(t, {
      clients: [
        {
          client_id: 'mine',
          client_secret: 'my-secret',
          redirect_uris: [redirect],
          token_endpoint_auth_method: 'client_secret_basic',
        },
      ],
    });
    const { url } = authorizationRequest(other, { client_id: client.clientId, redirect_uri: redirect });
    assert.ok((await approve(url)).startsWith(`${redirect}?code=`));
    const { url: loopback } = authorizationRequest(other, { client_id: client.clientId });
    await assert.rejects(approve(loopback));
  });
});
