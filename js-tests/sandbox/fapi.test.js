// The FAPI 2.0 client of the sandbox: private_key_jwt, PAR, DPoP with nonces.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { approve, startSandbox } from '../support/sandbox.mjs';
import { authorizationRequest, REDIRECT_URI } from './plain-client.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('FAPI 2.0 client', () => {
  let sandbox;
  let dpopKey;
  let dpopJwk;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    const pair = await generateKeyPair('ES256', { extractable: true });
    dpopKey = pair.privateKey;
    dpopJwk = await exportJWK(pair.publicKey);
  });
  after(() => sandbox.close());

  const assertion = async () => {
    const { clientId, privateJwk } = sandbox.clients.fapi;
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: privateJwk.kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(sandbox.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(privateJwk, 'ES256'));
  };

  const proof = (method, url, claims = {}) =>
    new SignJWT({ jti: randomUUID(), htm: method, htu: url, ...claims })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: dpopJwk })
      .setIssuedAt()
      .sign(dpopKey);

  const post = async (path, form, nonce) => {
    const url = `${sandbox.origin}${path}`;
    const body = new URLSearchParams({
      ...form,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await assertion(),
    });
    const headers = { DPoP: await proof('POST', url, nonce ? { nonce } : {}) };
    return fetch(url, { method: 'POST', body, headers });
  };

  const pushed = async (nonce) => {
    const { url, verifier } = authorizationRequest(sandbox, { client_id: sandbox.clients.fapi.clientId });
    const response = await post('/oauth/par', Object.fromEntries(url.searchParams), nonce);
    return { response, verifier };
  };

  it('is led through PAR, token and API, with a nonce demanded by each server', async () => {
    const refused = (await pushed()).response;
    assert.equal(refused.status, 400);
    assert.equal((await refused.json()).error, 'use_dpop_nonce');
    const nonce = refused.headers.get('dpop-nonce');

    const { response, verifier } = await pushed(nonce);
    assert.equal(response.status, 201);
    const { request_uri } = await response.json();
    const url = new URL(`${sandbox.origin}/oauth/authorize`);
    url.search = new URLSearchParams({ client_id: sandbox.clients.fapi.clientId, request_uri });
    const code = new URL(await approve(url)).searchParams.get('code');
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    };
    const tokens = await (await post('/oauth/token', form, nonce)).json();
    assert.equal(tokens.token_type, 'DPoP');
    assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url')).alg, 'PS256');

    const target = `${sandbox.baseUrl}/accounts`;
    const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
    const call = async (claims, scheme = 'DPoP') =>
      fetch(`${target}?limit=2`, {
        headers: {
          Authorization: `${scheme} ${tokens.access_token}`,
          DPoP: await proof('GET', target, claims),
        },
      });
    const first = await call({ ath });
    assert.equal(first.status, 401);
    assert.match(first.headers.get('www-authenticate'), /^DPoP .*error="use_dpop_nonce"/);
    const apiNonce = first.headers.get('dpop-nonce');
    assert.notEqual(apiNonce, nonce);

    assert.equal((await call({ ath, nonce: apiNonce })).status, 200);
    assert.equal(
      (await call({ ath, nonce })).status,
      401,
      'the authorization server’s nonce is not the API’s',
    );
    assert.equal((await call({ nonce: apiNonce })).status, 401, 'without ath');
    assert.equal((await call({ ath, nonce: apiNonce, htm: 'POST' })).status, 401, 'another method');
    assert.equal((await call({ ath, nonce: apiNonce }, 'Bearer')).status, 401, 'as a bearer token');
    assert.equal((await call({ ath, nonce: apiNonce, jti: 'once' })).status, 200);
    assert.equal((await call({ ath, nonce: apiNonce, jti: 'once' })).status, 401, 'a proof used twice');
  });

  it('must push its requests', async () => {
    const { url } = authorizationRequest(sandbox, { client_id: sandbox.clients.fapi.clientId });
    const { searchParams } = new URL(await approve(url));
    assert.equal(searchParams.get('error'), 'invalid_request');
  });

  it('has keys of its own in each process', async () => {
    assert.equal(typeof (await calculateJwkThumbprint(sandbox.clients.fapi.privateJwk)), 'string');
  });
});
