// Faults on purpose: each does what it says, where and as often as it says.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startSandbox } from '../support/sandbox.mjs';
import { connect, get, refresh } from './plain-client.js';

describe('faults', () => {
  let sandbox;
  let token;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    token = (await connect(sandbox)).access_token;
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());

  const call = (options) => get(sandbox, '/accounts', token, options);
  const works = async () => assert.equal((await call()).status, 200, 'works again');

  it('reset_before: the request is not processed', async () => {
    const { refresh_token } = await connect(sandbox);
    sandbox.faults.add({ match: { method: 'POST', path: '/oauth/token' }, fault: 'reset_before' });
    await assert.rejects(refresh(sandbox, refresh_token), TypeError);
    assert.equal((await refresh(sandbox, refresh_token)).status, 200, 'the token is still good');
  });

  it('reset_after: the request is processed, and the answer lost', async () => {
    const { refresh_token } = await connect(sandbox);
    sandbox.faults.add({ match: { path: '/oauth/token' }, fault: 'reset_after' });
    await assert.rejects(refresh(sandbox, refresh_token), TypeError);
    assert.equal(
      (await refresh(sandbox, refresh_token)).body.error,
      'invalid_grant',
      'the token was rotated',
    );
  });

  it('cut_body: true headers, half a body', async () => {
    const full = (await call()).body;
    sandbox.faults.add({ fault: 'cut_body', match: { path: '/aisp/v1/accounts*' } });
    const response = await fetch(`${sandbox.baseUrl}/accounts`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(Number(response.headers.get('content-length')), Buffer.byteLength(JSON.stringify(full)));
    await assert.rejects(response.text());
    await works();
  });

  it('drip: the whole body, slowly', async () => {
    sandbox.faults.add({ fault: 'drip', bytes: 400, delayMs: 10 });
    const begun = Date.now();
    const { body } = await call();
    assert.equal(body.accounts.length, 3);
    assert.ok(Date.now() - begun >= 30);
  });

  it('latency', async () => {
    sandbox.faults.add({ fault: 'latency', delayMs: 150 });
    const begun = Date.now();
    assert.equal((await call()).status, 200);
    assert.ok(Date.now() - begun >= 145);
  });

  it('hang: until the client gives up', async () => {
    sandbox.faults.add({ fault: 'hang' });
    await assert.rejects(call({ signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' });
    await works();
  });

  it('empty_200', async () => {
    sandbox.faults.add({ fault: 'empty_200' });
    const { status, body } = await call();
    assert.equal(status, 200);
    assert.equal(body, '');
  });

  it('html_502, which a browser may read too', async () => {
    sandbox.faults.add({ fault: 'html_502' });
    const { status, headers, body } = await call({ headers: { Origin: 'https://app.example' } });
    assert.equal(status, 502);
    assert.match(headers.get('content-type'), /^text\/html/);
    assert.match(body, /<html>/);
    assert.equal(headers.get('access-control-allow-origin'), '*');
  });

  it('redirect', async () => {
    sandbox.faults.add({ fault: 'redirect', location: 'https://elsewhere.example/' });
    const response = await fetch(`${sandbox.baseUrl}/accounts`, { redirect: 'manual' });
    assert.equal(response.status, 302);
    assert.equal(response.headers.get('location'), 'https://elsewhere.example/');
  });

  it('rate_limited, with Retry-After as it was given', async () => {
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    sandbox.faults.add({ fault: 'rate_limited', retryAfter: date });
    const { status, headers, body } = await call();
    assert.equal(status, 429);
    assert.equal(headers.get('retry-after'), date);
    assert.equal(body.error, 'rate_limit_exceeded');
  });

  it('status: any status, headers and body', async () => {
    sandbox.faults.add({
      fault: 'status',
      status: 503,
      headers: { 'Retry-After': '3' },
      body: 'no',
      contentType: 'text/plain',
    });
    const { status, headers, body } = await call();
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '3');
    assert.equal(body, 'no');
    sandbox.faults.add({ fault: 'status', status: 403, body: { error: 'sca_required' } });
    assert.deepEqual((await call()).body, { error: 'sca_required' });
  });

  it('hits as often as it says, after as many as it says, where it says', async () => {
    sandbox.faults.add({
      match: { method: 'GET', path: '/aisp/v1/*' },
      fault: 'html_502',
      times: 2,
      skip: 1,
    });
    assert.equal((await fetch(`${sandbox.origin}/oauth/jwks`)).status, 200);
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await call()).status);
    assert.deepEqual(statuses, [200, 502, 502, 200, 200]);
    assert.equal(sandbox.faults.list()[0].hits, 2);
  });

  it('lasts for ever with times: null, until it is cleared', async () => {
    sandbox.faults.add({ fault: 'html_502', times: null });
    for (let i = 0; i < 3; i += 1) assert.equal((await call()).status, 502);
    sandbox.faults.clear();
    await works();
  });

  it('is planned, listed and cleared over HTTP', async () => {
    const url = `${sandbox.origin}/_sandbox/faults`;
    const spec = { match: { path: '/aisp/v1/accounts*' }, fault: 'status', status: 500 };
    const headers = { 'Content-Type': 'application/json' };
    const added = await fetch(url, { method: 'POST', headers, body: JSON.stringify(spec) });
    assert.equal(added.status, 201);
    assert.equal((await (await fetch(url)).json()).faults.length, 1);
    assert.equal((await call()).status, 500);
    assert.deepEqual((await (await fetch(url, { method: 'DELETE' })).json()).faults, []);
    await works();
  });

  it('refuses a fault that it does not know, and JSON that is none', async () => {
    assert.throws(() => sandbox.faults.add({ fault: 'earthquake' }), /no fault "earthquake"/);
    const post = (body, type) =>
      fetch(`${sandbox.origin}/_sandbox/faults`, { method: 'POST', headers: { 'Content-Type': type }, body });
    assert.equal((await post('{"fault":"earthquake"}', 'application/json')).status, 400);
    assert.equal((await post('{', 'application/json')).status, 400);
    assert.equal((await post('{"fault":"hang"}', 'text/plain')).status, 400);
  });
});
