/** The profile fapi2 against a real OpenID provider: what goes over the wire, line by line. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createClient } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { calculateJwkThumbprint, generateKeyPair } from 'jose';
import { connectWith, fapiOptions, REDIRECT_URI } from '../support/clients.mjs';
import { recorder } from '../support/fetch.mjs';
import { jwt } from '../support/jwt.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
const recorded = recorder();
const { client, session, url, pending } = await connectWith(fapiOptions(sandbox, { fetch: recorded.fetch }));
const pushes = recorded.at('/oauth/par');
const exchanges = recorded.at('/oauth/token');

test('one word turns the profile on: a customer connects, and every read works', async () => {
  const { items } = await session.accounts();
  assert.equal(items.length, 3);
  assert.equal((await session.balances('acc_anna_current')).items.length, 4);
  const rows = await session.transactions('acc_anna_current', { limit: 50 }).all({ limit: 120 });
  assert.equal(rows.length, 120);
});

test('key-authentication: a client with a secret, or without any key, does not build', async () => {
  const { clientAuth: _, ...bare } = fapiOptions(sandbox);
  for (const [options, path] of [
    [bare, 'clientAuth.method'],
    [{ ...bare, clientSecret: 's3cr3t' }, 'clientSecret'],
    [{ ...fapiOptions(sandbox), clientSecret: 's3cr3t' }, 'clientSecret'],
    [{ ...bare, clientAuth: { method: 'client_secret_post' }, clientSecret: 's3cr3t' }, 'clientSecret'],
    [{ ...bare, clientAuth: { method: 'none' } }, 'clientAuth.method'],
    [{ ...bare, clientAuth: { method: 'tls_client_auth' } }, 'fetch'],
    [{ ...fapiOptions(sandbox), dpop: false }, 'dpop'],
  ]) {
    const error = await rejection(createClient(options));
    assert.equal(error.name, 'ConfigurationError');
    assert.equal(error.path, path);
  }
});

test('token-in-header, dpop-scheme: the access token goes in the Authorization header only, with the scheme DPoP', async () => {
  await session.accounts({ limit: 1 });
  const call = recorded.at('/aisp/v1/accounts').at(-1);
  const [scheme, token] = call.headers.authorization.split(' ');
  assert.equal(scheme, 'DPoP');
  assert.ok(token.length > 20);
  assert.ok(!call.url.includes(token));
  assert.equal(String(call.form), '');
});

test('assertion-audience, assertion-kid: the client assertion is for the issuer, as a string, and names its key', () => {
  for (const { form } of [...pushes, ...exchanges]) {
    const { header, claims } = jwt(form.get('client_assertion'));
    assert.equal(claims.aud, sandbox.issuer);
    assert.equal(claims.iss, sandbox.clients.fapi.clientId);
    assert.equal(claims.sub, sandbox.clients.fapi.clientId);
    assert.equal(claims.exp - claims.iat, 60);
    assert.equal(header.kid, sandbox.clients.fapi.privateJwk.kid);
    assert.equal(header.alg, 'ES256');
  }
});

test('pushed-request, reference-only: the request is pushed, and the browser carries a reference only', () => {
  assert.deepEqual([...new URL(url).searchParams.keys()], ['client_id', 'request_uri']);
  const { form } = pushes.at(-1);
  assert.equal(form.get('response_type'), 'code');
  assert.equal(form.get('redirect_uri'), REDIRECT_URI);
  assert.equal(form.get('state'), pending.state);
  assert.equal(form.get('nonce'), pending.nonce);
});

test('pkce-s256, code-response: PKCE is S256, the response type is code', () => {
  const { form } = pushes.at(-1);
  const challenge = createHash('sha256').update(pending.codeVerifier).digest('base64url');
  assert.equal(form.get('code_challenge'), challenge);
  assert.equal(form.get('code_challenge_method'), 'S256');
});

test('short-nonce: the nonce has at most 64 characters', () => {
  assert.ok(pending.nonce.length <= 64);
});

test('nonce-retry, proof-id, fresh-assertion: a demand for a nonce is answered by one retry, with a new proof and a new assertion', () => {
  const [first, second] = pushes;
  assert.deepEqual(
    pushes.map(({ status }) => status),
    [400, 201],
  );
  const [before, after] = [first, second].map(({ headers }) => jwt(headers.dpop).claims);
  assert.equal(before.nonce, undefined);
  assert.equal(after.nonce, first.responseHeaders.get('dpop-nonce'));
  assert.notEqual(before.jti, after.jti);
  const [one, two] = [first, second].map(({ form }) => jwt(form.get('client_assertion')).claims.jti);
  assert.notEqual(one, two);
});

test('nonce-retry: the API’s demand for a nonce, too, is answered by one retry, and by no refresh', async () => {
  const { fetch, at } = recorder();
  const { session } = await connectWith(fapiOptions(sandbox, { fetch }));
  await session.accounts();
  const [first, second] = at('/aisp/v1/accounts');
  assert.deepEqual([first.status, second.status], [401, 200]);
  assert.equal(jwt(second.headers.dpop).claims.nonce, first.responseHeaders.get('dpop-nonce'));
  assert.deepEqual(
    at('/oauth/token').map(({ form }) => form.get('grant_type')),
    ['authorization_code'],
  );
});

test('code-once: the code is sent once', () => {
  assert.deepEqual(
    exchanges.map(({ status, form }) => [status, form.get('grant_type')]),
    [[200, 'authorization_code']],
  );
});

test('proof-form: a proof is a dpop+jwt with the public key only', async () => {
  const { header } = jwt(exchanges[0].headers.dpop);
  assert.deepEqual(Object.keys(header).sort(), ['alg', 'jwk', 'typ']);
  assert.equal(header.typ, 'dpop+jwt');
  assert.equal(header.alg, 'ES256');
  assert.deepEqual(Object.keys(header.jwk).sort(), ['crv', 'kty', 'x', 'y']);
  assert.equal(await calculateJwkThumbprint(header.jwk), pending.dpopThumbprint);
});

test('proof-id: no two proofs have the same id', async () => {
  await Promise.all(Array.from({ length: 5 }, () => session.account('acc_anna_pln')));
  const ids = recorded.exchanges
    .filter(({ headers }) => headers.dpop)
    .map(({ headers }) => jwt(headers.dpop).claims.jti);
  assert.equal(new Set(ids).size, ids.length);
});

test('proof-target, proof-token-hash: proofs name the target without its query; ath is there for the API and absent at the token endpoint', async () => {
  await session.accounts({ limit: 2 });
  const call = recorded.at('/aisp/v1/accounts').at(-1);
  const { claims } = jwt(call.headers.dpop);
  assert.equal(claims.htu, `${sandbox.baseUrl}/accounts`);
  assert.equal(claims.htm, 'GET');
  const token = call.headers.authorization.split(' ')[1];
  assert.equal(claims.ath, createHash('sha256').update(token).digest('base64url'));
  assert.equal(jwt(exchanges[0].headers.dpop).claims.ath, undefined);
});

test('nonces-apart, newest-nonce: both servers’ nonces are kept apart, and the newest is sent', async () => {
  await session.accounts({ limit: 1 });
  const before = recorded.at('/aisp/v1/accounts').at(-1).responseHeaders.get('dpop-nonce');
  await session.accounts({ limit: 1 });
  const call = recorded.at('/aisp/v1/accounts').at(-1);
  assert.equal(jwt(call.headers.dpop).claims.nonce, before);
  const sent = recorded.at('/oauth/token').length;
  await session.refresh();
  const renewals = recorded.at('/oauth/token').slice(sent);
  // A proof with the API's nonce would have been refused first.
  assert.deepEqual(
    renewals.map(({ status, form }) => [status, form.get('grant_type')]),
    [[200, 'refresh_token']],
  );
  assert.notEqual(jwt(renewals[0].headers.dpop).claims.nonce, before);
});

test('token-rotation: after a refresh the rotated token is used', async () => {
  await session.refresh();
  await session.refresh();
  const sent = recorded.at('/oauth/token').slice(-2);
  assert.notEqual(sent[0].form.get('refresh_token'), sent[1].form.get('refresh_token'));
  assert.deepEqual(
    sent.map(({ status }) => status),
    [200, 200],
  );
});

test('configured-issuer, metadata-endpoints: endpoints come from the metadata of the configured issuer, asked for once', () => {
  assert.equal(recorded.at('/.well-known/openid-configuration').length, 1);
  for (const { url } of recorded.exchanges) assert.equal(new URL(url).origin, sandbox.origin);
});

test('callback-issuer: a callback that does not name its issuer is refused, and its code is not sent', async () => {
  const begun = await client.beginAuthorization();
  const callback = new URL(await approve(begun.url, { user: 'anna' }));
  callback.searchParams.delete('iss');
  const sent = recorded.at('/oauth/token').length;
  const error = await rejection(client.completeAuthorization(callback, begun.pending));
  assert.equal(error.name, 'AuthorizationError');
  assert.equal(error.code, 'missing_issuer');
  assert.equal(recorded.at('/oauth/token').length, sent);
});

test('own-transaction, state-once: a state is dead after its first use, also where that was a refusal', async () => {
  const begun = await client.beginAuthorization();
  const callback = await approve(begun.url, { user: 'anna' });
  const refusal = `${REDIRECT_URI}?error=access_denied&state=${begun.pending.state}&iss=${sandbox.issuer}`;
  assert.equal((await rejection(client.completeAuthorization(refusal, begun.pending))).code, 'access_denied');
  assert.equal((await rejection(client.completeAuthorization(callback, begun.pending))).code, 'pending_used');
});

test('own-transaction: a callback completes its own transaction only', async () => {
  const [one, two] = [await client.beginAuthorization(), await client.beginAuthorization()];
  const callback = await approve(one.url, { user: 'anna' });
  assert.equal((await rejection(client.completeAuthorization(callback, two.pending))).code, 'state_mismatch');
  await client.completeAuthorization(callback, one.pending, { key: 'mine' });
});

test('signature-algorithms: the client’s key may be for PS256, ES256 or EdDSA, and only for these', async () => {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { privateKey } = await crypto.subtle.generateKey(rsa, false, ['sign', 'verify']);
  const error = await rejection(
    createClient(fapiOptions(sandbox, { clientAuth: { method: 'private_key_jwt', privateKey } })),
  );
  assert.equal(error.name, 'ConfigurationError');
  assert.equal(error.path, 'clientAuth.privateKey');
});

test('assertion-kid, fresh-assertion: two client keys live at once, each with its alg and kid', async () => {
  const keys = await Promise.all(
    ['PS256', 'ES256', 'Ed25519'].map(async (alg) => {
      const pair = await generateKeyPair(alg, { extractable: true });
      const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
      return {
        alg,
        privateKey: pair.privateKey,
        jwk: { kty, crv, x, y, n, e, kid: `key-${alg}`, use: 'sig' },
      };
    }),
  );
  const own = await sandboxForFile({
    clients: [
      {
        client_id: 'rotating',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: keys.map(({ jwk }) => JSON.parse(JSON.stringify(jwk))) },
        any_loopback_redirect: true,
        redirect_uris: [REDIRECT_URI],
      },
    ],
  });
  for (const { alg, privateKey, jwk } of keys) {
    const { fetch, at } = recorder();
    const clientAuth = { method: 'private_key_jwt', privateKey, kid: jwk.kid, alg };
    const options = {
      environment: { baseUrl: own.baseUrl },
      clientId: 'rotating',
      redirectUri: REDIRECT_URI,
    };
    const { session } = await connectWith({ ...options, clientAuth, fetch });
    assert.equal((await session.accounts()).items.length, 3);
    const { header } = jwt(at('/oauth/token')[0].form.get('client_assertion'));
    assert.equal(header.alg, alg);
    assert.equal(header.kid, jwk.kid);
  }
});

test('key-per-issuer: tokens of two issuers are bound to two keys', async () => {
  const other = await sandboxForFile();
  const { pending: theirs } = await connectWith(fapiOptions(other));
  assert.notEqual(theirs.dpopThumbprint, pending.dpopThumbprint);
});

test('server-clock, proof-target: a client whose clock is wrong takes the server’s', async () => {
  for (const minutes of [-30, 30]) {
    const workerData = { options: fapiOptions(sandbox), skewMs: minutes * 60_000 };
    const worker = new Worker(new URL('./skewed.mjs', import.meta.url), { workerData });
    const [{ accounts, iat, proofIat }] = await once(worker, 'message');
    assert.equal(accounts, 3);
    for (const at of [iat, proofIat]) assert.ok(Math.abs(at - Date.now() / 1000) < 10, `${minutes} min`);
  }
});

test('strong authentication that was asked for is checked', async () => {
  const { session } = await connectWith(fapiOptions(sandbox), { acrValues: ['urn:openbanking:psd2:sca'] });
  const hint = new URL(session.logoutUrl()).searchParams.get('id_token_hint');
  assert.equal(jwt(hint).claims.acr, 'urn:openbanking:psd2:sca');
  const other = connectWith(fapiOptions(sandbox), { acrValues: ['urn:example:retina'] });
  assert.equal((await rejection(other)).code, 'id_token_acr');
});

test('userInfo asks with a proof, and logoutUrl names the login', async () => {
  assert.equal((await session.userInfo()).sub, 'anna');
  const call = recorded.at('/oauth/userinfo').at(-1);
  assert.match(call.headers.authorization, /^DPoP /);
  assert.equal(typeof jwt(call.headers.dpop).claims.ath, 'string');
  const logout = new URL(session.logoutUrl({ postLogoutRedirectUri: 'http://127.0.0.1:9/', state: 's' }));
  assert.equal(logout.pathname, '/oauth/logout');
  assert.equal(jwt(logout.searchParams.get('id_token_hint')).claims.sub, 'anna');
  assert.equal(logout.searchParams.get('post_logout_redirect_uri'), 'http://127.0.0.1:9/');
  assert.equal((await fetch(logout, { redirect: 'manual' })).status, 200);
});

test('revoke ends the grant', async () => {
  const { client, session } = await connectWith(fapiOptions(sandbox, { fetch: recorded.fetch }));
  await session.revoke();
  assert.equal(recorded.at('/oauth/revoke').at(-1).status, 200);
  assert.equal(await client.session(), null);
});
