/** How requests go out, and what is accepted of what comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, createClient, ResponseError, TimeoutError } from '@oakford/aisp';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';

const account = (more = {}) => ({
  account_id: 'a',
  currency: 'EUR',
  account_type: 'current',
  provider: { provider_id: 'p' },
  ...more,
});

test('request: an id stays one segment of the path when it has slashes or dots', async () => {
  const seen = [];
  const origin = await serve((request, response) => {
    seen.push(request.url);
    json(response, account());
  });
  const session = await sessionAt(origin);
  const ids = ['../../oauth/token', 'a%2fb', 'a b', '😀', 'a?x=1#y', 'żółć', 'a;b'];
  for (const id of ids) await session.account(id);
  for (const [index, id] of ids.entries())
    assert.equal(seen[index], `/aisp/v1/accounts/${encodeURIComponent(id)}`);
  for (const id of ['', '.', '..']) assert.equal((await rejection(session.account(id))).path, 'accountId');
});

test('environment: plain http is refused when the host is not loopback', async () => {
  const options = { clientId: 'a', redirectUri: 'https://a.example/cb' };
  for (const baseUrl of [
    'http://api.oakford.dev/aisp/v1',
    'http://127.0.0.1.evil.example/',
    'http://localhost@evil.example/',
  ]) {
    const error = await rejection(createClient({ ...options, environment: { baseUrl } }));
    assert.equal(error.path, 'environment.baseUrl');
  }
});

test('fetch: gets a URL as text and plain values', async () => {
  const sandbox = await sandboxForFile();
  const calls = [];
  const spy = (url, init) => {
    calls.push({ url, init });
    return fetch(url, init);
  };
  const { session } = await connect(sandbox, { fetch: spy });
  await session.accounts();
  for (const { url, init } of calls) {
    assert.equal(typeof url, 'string');
    assert.equal(Object.getPrototypeOf(init), Object.prototype);
    assert.equal(Object.getPrototypeOf(init.headers), Object.prototype);
    assert.equal(init.redirect, 'manual');
    assert.deepEqual(
      Object.keys(init).filter((key) => !['method', 'headers', 'redirect', 'signal', 'body'].includes(key)),
      [],
    );
  }
  const api = calls.at(-1).init.headers;
  assert.match(api.authorization, /^Bearer /);
  assert.match(api['x-request-id'], /^[\w-]{22}$/);
  assert.match(api['user-agent'], /^oakford-aisp\//);
});

test('psu: its headers are sent only if it is given', async () => {
  const seen = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers);
    json(response, account());
  });
  const session = await sessionAt(origin);
  await session.account('a', { psu: { ipAddress: '192.0.2.1', userAgent: 'Mozilla/5.0' } });
  await session.account('a');
  assert.deepEqual([seen[0]['psu-ip-address'], seen[0]['psu-user-agent']], ['192.0.2.1', 'Mozilla/5.0']);
  assert.equal(seen[1]['psu-ip-address'], undefined);
  const error = await rejection(session.account('a', { psu: { userAgent: 'x\r\nevil: 1' } }));
  assert.equal(error.path, 'psu.userAgent');
});

test('psu: what can’t be sent is left out and reported, once for each call', async () => {
  const seen = [];
  const events = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers);
    json(response, request.url.includes('?') ? { accounts: [] } : account());
  });
  const options = { onEvent: (event) => event.type === 'psu' && events.push(event) };
  const loopback = await sessionAt(origin, options);
  // A server that is not on loopback, by its address; the request goes to the one above.
  const beyond = await sessionAt('https://api.example', {
    ...options,
    fetch: (url, init) => fetch(url.replace('https://api.example', origin), init),
  });
  for (const [session, psu, sent, left] of [
    [
      loopback,
      { ipAddress: '::1', userAgent: 'Gerät' },
      ['::1', undefined],
      [['psu.userAgent', 'not_ascii', false]],
    ],
    [loopback, { ipAddress: 'fe80::1%eth0' }, ['fe80::1%eth0', undefined], []],
    [beyond, { ipAddress: '203.0.113.7', userAgent: 'A' }, ['203.0.113.7', 'A'], []],
    ...['fe80::1%eth0', '10.1.2.3', '::1', '192.168.0.1', '::ffff:172.16.0.1'].map((ipAddress) => [
      beyond,
      { ipAddress, userAgent: 'A' },
      [undefined, 'A'],
      [['psu.ipAddress', 'private_address', true]],
    ]),
  ]) {
    const [before, known] = [seen.length, events.length];
    await session.account('a', { psu });
    const headers = seen[before];
    assert.deepEqual([headers['psu-ip-address'], headers['psu-user-agent']], sent);
    assert.deepEqual(
      events.slice(known).map(({ option, reason, unattended }) => [option, reason, unattended]),
      left,
    );
  }
  for (const event of events) assert.ok(event.call > 0 && event.at > 0);
  const before = seen.length;
  for (const ipAddress of ['1.2.3.4, 5.6.7.8', 'unknown', '1.2.3.4:80', '']) {
    const error = await rejection(loopback.account('a', { psu: { ipAddress } }));
    assert.deepEqual([error.code, error.path], ['invalid_option', 'psu.ipAddress']);
  }
  assert.equal(seen.length, before);
});

test('response: is read by its shape when another library made it', async () => {
  const body = new TextEncoder().encode(JSON.stringify(account({ name: 'Ż' })));
  const foreign = async () => ({ status: 200, headers: new Map(), arrayBuffer: async () => body.buffer });
  const session = await sessionAt('http://127.0.0.1:1', { fetch: foreign });
  assert.equal((await session.account('a')).name, 'Ż');
});

test('response: the rest of the body is not read when it is larger than maxBodyBytes', async () => {
  let sent = 0;
  let close;
  const closed = new Promise((resolve) => {
    close = resolve;
  });
  const origin = await serve((_, response) => {
    response.on('close', close);
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = 'x'.repeat(64 * 1024);
    const write = () => {
      while (sent < 200 && response.write(piece)) sent++;
    };
    response.on('drain', write);
    write();
  });
  const session = await sessionAt(origin, { maxBodyBytes: 100_000 });
  const error = await rejection(session.account('a'));
  assert.ok(error instanceof ResponseError);
  assert.deepEqual([error.code, error.status, error.requestSent], ['body_too_large', 200, 'yes']);
  await closed;
  assert.ok(sent < 200, `${sent} pieces were sent`);
});

test('timeoutMs: covers the body too', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{');
  });
  const session = await sessionAt(origin);
  const error = await rejection(session.account('a', { timeoutMs: 80, deadlineMs: 60_000 }));
  assert.ok(error instanceof TimeoutError);
  assert.equal(error.code, 'timeout');
  const late = await rejection(session.account('a', { timeoutMs: 60_000, deadlineMs: 80 }));
  assert.deepEqual([late.name, late.code, late.requestSent], ['TimeoutError', 'deadline_exceeded', 'yes']);
});

test('abort: the call ends with the reason of the signal, of any type, and the connection ends', async () => {
  const closed = [];
  let arrived;
  const origin = await serve((request, response) => {
    closed.push(new Promise((resolve) => request.on('close', resolve)));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{', arrived);
  });
  const session = await sessionAt(origin);
  for (const reason of [new Error('own'), 'text', { any: 'thing' }, null, 7]) {
    const controller = new AbortController();
    const arrival = new Promise((resolve) => {
      arrived = resolve;
    });
    const call = rejection(session.account('a', { signal: controller.signal }));
    await arrival;
    controller.abort(reason);
    const error = await call;
    assert.ok(error instanceof AbortError);
    assert.equal(error.cause, reason);
  }
  assert.equal(closed.length, 5);
  await Promise.all(closed);
});

test('abort: nothing is sent when the signal aborted before the call', async () => {
  let requests = 0;
  const origin = await serve((_, response) => {
    requests++;
    json(response, account());
  });
  const session = await sessionAt(origin);
  const error = await rejection(session.account('a', { signal: AbortSignal.abort('no') }));
  assert.deepEqual([error.name, error.cause, error.requestSent], ['AbortError', 'no', 'no']);
  assert.equal(requests, 0);
});

test('abort: a call that ended leaves no listener on its signal', async () => {
  const origin = await serve((_, response) => json(response, account()));
  const session = await sessionAt(origin);
  const listeners = new Set();
  const signal = new AbortController().signal;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  signal.addEventListener = (type, listener, options) => {
    listeners.add(listener);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type, listener) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener);
  };
  await session.account('a', { signal });
  await session.accounts({ signal }).catch(() => {});
  assert.equal(listeners.size, 0);
});

test('response: is read when it has a byte order mark or another content type', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=latin1' });
    response.end(`\uFEFF${JSON.stringify(account({ name: 'Köln' }))}`);
  });
  assert.equal((await (await sessionAt(origin)).account('a')).name, 'Köln');
});

test('response: is read in the charset of its content type or byte order mark', async () => {
  const text = JSON.stringify(account({ name: 'Köln' }));
  const bodies = {
    'application/json; charset=ISO-8859-1': Buffer.from(text, 'latin1'),
    'application/json; charset="utf-16le"': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'application/json': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'application/json; charset=utf-8': Buffer.from(`\uFEFF${text}`),
    'text/plain; charset=no-such-charset': Buffer.from(text),
  };
  for (const [type, body] of Object.entries(bodies)) {
    const origin = await serve((_, response) => response.writeHead(200, { 'content-type': type }).end(body));
    assert.equal((await (await sessionAt(origin)).account('a')).name, 'Köln', type);
  }
});

test('token store: a failure is a typed error and the client goes on', async () => {
  let broken = false;
  const entries = new Map();
  const tokenStore = {
    async get(key) {
      if (broken) throw new Error('secret connection string');
      return entries.get(key) ?? null;
    },
    async compareAndSwap(key, _, value) {
      entries.set(key, { value, version: '1' });
      return true;
    },
  };
  const origin = await serve((_, response) => json(response, account()));
  await sessionAt(origin, { tokenStore }).catch(() => {});
  const client = await createClient({
    environment: { baseUrl: origin },
    clientId: 'test',
    redirectUri: 'https://a.example/cb',
    tokenStore,
  });
  broken = true;
  const error = await rejection(client.session('x'));
  assert.equal(error.code, 'token_store_failed');
  assert.ok(!error.message.includes('secret'));
  broken = false;
  assert.equal(await client.session('x'), null);
});
