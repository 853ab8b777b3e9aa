/** The keys that tokens are bound to: made by the platform, brought by the application, lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { connectWith, fapiOptions, publicOptions } from '../support/clients.mjs';
import { recorder } from '../support/fetch.mjs';
import { jwt } from '../support/jwt.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();

test('dpop: true binds a public client’s tokens to a key of this process', async () => {
  const { fetch, at } = recorder();
  const { session, url, pending } = await connectWith(publicOptions(sandbox, { dpop: true, fetch }));
  assert.equal((await session.accounts()).items.length, 3);
  assert.match(at('/aisp/v1/accounts')[0].headers.authorization, /^DPoP /);
  assert.equal(new URL(url).searchParams.get('dpop_jkt'), pending.dpopThumbprint);
  await session.refresh();
  await session.accounts();
});

test('without it a plain client proves nothing and loads no keys', async () => {
  const { fetch, exchanges } = recorder();
  const { session } = await connectWith(publicOptions(sandbox, { fetch }));
  await session.accounts();
  assert.ok(exchanges.every(({ headers }) => headers.dpop === undefined));
});

test('two clients of a process share the issuer’s key', async () => {
  const one = await connectWith(publicOptions(sandbox, { dpop: true }));
  const two = await connectWith(fapiOptions(sandbox));
  assert.equal(one.pending.dpopThumbprint, two.pending.dpopThumbprint);
});

test('proof-form: a key of one’s own may be a CryptoKeyPair, a pair of JWKs or a private JWK, for each algorithm', async () => {
  for (const alg of ['ES256', 'PS256', 'Ed25519']) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const [privateKey, publicKey] = await Promise.all([pair.privateKey, pair.publicKey].map(exportJWK));
    const thumbprint = await calculateJwkThumbprint(publicKey);
    for (const dpop of [pair, { privateKey, publicKey }, { privateKey }, privateKey]) {
      const { fetch, at } = recorder();
      const { session, pending } = await connectWith(publicOptions(sandbox, { dpop, fetch }));
      await session.accounts();
      assert.equal(pending.dpopThumbprint, thumbprint);
      const { header } = jwt(at('/aisp/v1/accounts').at(-1).headers.dpop);
      assert.equal(header.alg, alg === 'Ed25519' ? 'EdDSA' : alg);
      assert.equal(header.jwk.d, undefined);
    }
  }
});

test('keys that can’t be used are named when the client is created, and not shown', async () => {
  const es256 = await generateKeyPair('ES256', { extractable: true });
  const other = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(es256.privateKey);
  const { d: _, ...half } = jwk;
  for (const [dpop, message] of [
    ['yes', /^`dpop` must be true, false or a key pair/],
    [{ privateKey: es256.privateKey, publicKey: other.publicKey }, /two that are no pair/],
    [{ privateKey: es256.publicKey, publicKey: es256.publicKey }, /does not sign/],
    [half, /without private part/],
    [{ kty: 'oct', k: 'AAAA', d: 'AAAA' }, /without private part/],
    [{ ...jwk, d: `${jwk.d}AAAA` }, /does not accept/],
    [{}, /without private part/],
  ]) {
    const error = await rejection(createClient(publicOptions(sandbox, { dpop })));
    assert.equal(error.name, 'ConfigurationError');
    assert.match(error.message, message);
    assert.ok(!error.message.includes(jwk.d));
  }
  const clientAuth = { method: 'private_key_jwt', privateKey: half };
  const error = await rejection(createClient(fapiOptions(sandbox, { clientAuth })));
  assert.equal(error.path, 'clientAuth.privateKey');
  const { privateKey } = await generateKeyPair('PS256', { modulusLength: 2048 });
  const mismatch = { method: 'private_key_jwt', privateKey, alg: 'ES256' };
  assert.equal(
    (await rejection(createClient(fapiOptions(sandbox, { clientAuth: mismatch })))).path,
    'clientAuth.alg',
  );
});

const ownKeys = async () => generateKeyPair('ES256', { extractable: true });

test('lost-key: a public client without its key gets an error with reauthRequired before anything is sent', async () => {
  const tokenStore = memoryStore();
  await connectWith(publicOptions(sandbox, { tokenStore, dpop: await ownKeys() }));
  const { fetch, exchanges } = recorder();
  const client = await createClient(publicOptions(sandbox, { tokenStore, dpop: await ownKeys(), fetch }));
  const session = await client.session();
  for (const call of [() => session.accounts(), () => session.refresh(), () => session.userInfo()]) {
    const error = await rejection(call());
    assert.deepEqual([error.name, error.code, error.reauthRequired], ['OAuthError', 'dpop_key_lost', true]);
  }
  assert.ok(exchanges.every(({ headers }) => headers.authorization === undefined));
});

test('a confidential client that lost its key goes on with another: its refresh token is its own', async () => {
  const tokenStore = memoryStore();
  await connectWith(fapiOptions(sandbox, { tokenStore, dpop: await ownKeys() }));
  const { fetch, at } = recorder();
  const client = await createClient(fapiOptions(sandbox, { tokenStore, dpop: await ownKeys(), fetch }));
  const session = await client.session();
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal(at('/oauth/token').at(-1).form.get('grant_type'), 'refresh_token');
});

test('own-transaction: a pending authorization that is bound to another key is refused', async () => {
  const one = await createClient(publicOptions(sandbox, { dpop: await ownKeys() }));
  const { pending } = await one.beginAuthorization();
  const callback = `http://127.0.0.1:9/callback?code=c&state=${pending.state}&iss=${sandbox.issuer}`;
  const two = await createClient(publicOptions(sandbox, { dpop: await ownKeys() }));
  assert.equal((await rejection(two.completeAuthorization(callback, pending))).code, 'dpop_key_lost');
  const plain = await createClient(publicOptions(sandbox));
  assert.equal((await rejection(plain.completeAuthorization(callback, pending))).code, 'dpop_is_off');
});

test('a session that is bound to a key is not used by a client without dpop, and one without is bound at its next refresh', async () => {
  const tokenStore = memoryStore();
  await connectWith(publicOptions(sandbox, { tokenStore, dpop: true }));
  const plain = await createClient(publicOptions(sandbox, { tokenStore }));
  assert.equal((await rejection((await plain.session()).accounts())).code, 'dpop_is_off');

  const other = memoryStore();
  await connectWith(publicOptions(sandbox, { tokenStore: other }));
  const { fetch, at } = recorder();
  const bound = await createClient(publicOptions(sandbox, { tokenStore: other, dpop: true, fetch }));
  assert.equal((await (await bound.session()).accounts()).items.length, 3);
  assert.match(at('/aisp/v1/accounts')[0].headers.authorization, /^DPoP /);
});

test('no error, event or store entry of a bound session shows a private key', async () => {
  const keys = await ownKeys();
  const { d } = await exportJWK(keys.privateKey);
  const tokenStore = memoryStore();
  const events = [];
  const onEvent = (event) => events.push(event);
  const { session, pending } = await connectWith(publicOptions(sandbox, { tokenStore, dpop: keys, onEvent }));
  const error = await rejection(session.account('unknown'));
  const stored = await tokenStore.get('session:default');
  const seen = JSON.stringify([events, error, session, pending, stored]);
  assert.ok(!seen.includes(d) && !String(error.stack).includes(d));
});
