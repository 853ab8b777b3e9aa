/** Mutual TLS against a real TLS server that demands a client certificate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@oakford/aisp';
import { mtlsFetch } from '@oakford/aisp/node';
import { generateKeyPair } from 'jose';
import { makeCertificates } from '../support/certificates.mjs';
import { connectTo, maliciousServer } from '../support/malicious-server.mjs';
import { rejection } from '../support/rejection.mjs';

const { ca, server, client, stranger } = makeCertificates();
const start = () => maliciousServer({}, { tls: server, mtls: { ...server, ca } });
const at = ({ origin, mtlsOrigin }) => ({ baseUrl: `${mtlsOrigin}/aisp/v1`, issuer: origin });
const fetch = mtlsFetch({ ...client, ca });
const tlsAuth = { profile: 'fapi2', clientAuth: { method: 'tls_client_auth' }, fetch };
const ALIASED = ['/oauth/par', '/oauth/token', '/oauth/userinfo', '/oauth/revoke'];

test('mtls-aliases, bound-tokens: tls_client_auth in the profile fapi2 goes by the aliases, and binds tokens to the certificate', async () => {
  const state = await start();
  const { complete } = await connectTo(state, { ...tlsAuth, environment: at(state) });
  const session = await complete();
  assert.deepEqual((await session.accounts()).items, []);
  await session.userInfo();
  await session.refresh();
  await session.revoke();
  for (const path of [...ALIASED, '/aisp/v1/accounts']) {
    const seen = state.at(path);
    assert.equal(seen.length, path === '/oauth/token' ? 2 : 1, path);
    for (const { certificate, headers } of seen) {
      assert.equal(certificate, 'client', path);
      assert.equal(headers.dpop, undefined);
    }
  }
  for (const { form, headers } of state.at('/oauth/token')) {
    assert.equal(form.get('client_id'), 'test');
    assert.equal(form.get('client_assertion'), null);
    assert.equal(headers.authorization, undefined);
  }
});

test('mtls-aliases: metadata and keys are asked for where they are public', async () => {
  const state = await start();
  const { complete, begun } = await connectTo(state, { ...tlsAuth, environment: at(state) });
  await complete();
  for (const path of ['/.well-known/openid-configuration', '/oauth/jwks']) {
    assert.deepEqual(
      state.at(path).map(({ certificate }) => certificate),
      [undefined],
    );
  }
  assert.equal(new URL(begun.url).origin, state.origin);
});

test('mtls-aliases: where there is no alias, the plain endpoint serves', async () => {
  const state = await start();
  state.faults.metadata = ({ mtls_endpoint_aliases: { token_endpoint } }) => ({
    mtls_endpoint_aliases: { token_endpoint },
  });
  const { complete } = await connectTo(state, { ...tlsAuth, environment: at(state) });
  await (await complete()).revoke();
  assert.equal(state.at('/oauth/token')[0].certificate, 'client');
  assert.equal(state.at('/oauth/revoke')[0].certificate, undefined);
});

test('bound-tokens: private_key_jwt with a certificate may do without DPoP; with dpop it has both', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const clientAuth = { method: 'private_key_jwt', privateKey, kid: 'k' };
  for (const dpop of [undefined, true]) {
    const state = await start();
    const { complete } = await connectTo(state, { ...tlsAuth, clientAuth, dpop, environment: at(state) });
    await (await complete()).accounts();
    const [exchange] = state.at('/oauth/token');
    assert.equal(exchange.certificate, 'client');
    assert.equal(typeof exchange.form.get('client_assertion'), 'string');
    assert.equal(exchange.headers.dpop !== undefined, dpop === true);
  }
});

test('a certificate of a strange authority, and none, end at the TLS handshake', async () => {
  for (const wrong of [mtlsFetch({ ...stranger, ca })]) {
    const state = await start();
    const error = await rejection(connectTo(state, { ...tlsAuth, fetch: wrong, environment: at(state) }));
    assert.equal(error.name, 'NetworkError');
    assert.equal(state.at('/oauth/par').length, 0);
  }
});

test('a server that its authority does not vouch for is not talked to', async () => {
  const state = await start();
  const distrusting = mtlsFetch(client);
  const error = await rejection(connectTo(state, { ...tlsAuth, fetch: distrusting, environment: at(state) }));
  assert.equal(error.name, 'NetworkError');
  assert.match(JSON.stringify([error.cause?.message, error.cause?.cause?.code]), /CERT|UNABLE_TO_VERIFY/);
  assert.equal(state.requests.length, 0);
});

test('no-browser-secret, key-authentication: tls_client_auth without a fetch that presents a certificate does not build', async () => {
  const { fetch: _, ...without } = tlsAuth;
  const options = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' };
  const error = await rejection(createClient({ ...options, ...without }));
  assert.deepEqual([error.name, error.path], ['ConfigurationError', 'fetch']);
});

test('mtlsFetch names what is missing, and shows no key', async () => {
  assert.throws(() => mtlsFetch({ cert: client.cert }), { name: 'ConfigurationError', path: 'key' });
  assert.throws(() => mtlsFetch({ key: client.key }), { name: 'ConfigurationError', path: 'cert' });
  const state = await start();
  const broken = mtlsFetch({ cert: client.cert, key: stranger.key, ca });
  const error = await rejection(connectTo(state, { ...tlsAuth, fetch: broken, environment: at(state) }));
  const line = stranger.key.split('\n')[1];
  assert.ok(!JSON.stringify(error).includes(line) && !String(error.stack).includes(line));
});
