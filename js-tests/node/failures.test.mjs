/** Bad input and bad answers: each is a typed error with its code, status and request id, and the client goes on working. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ApiError,
  AuthorizationError,
  ConfigurationError,
  ConsentError,
  createClient,
  NetworkError,
  OAuthError,
  RateLimitError,
  ResponseError,
} from '@oakford/aisp';
import { clientOf, connect, REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { approve, deny, sandboxForFile, startSandbox } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
const { client, session } = await connect(sandbox);

/** A callback for a fresh transaction, changed by `change`, completed. */
async function completeWith(change) {
  const { url, pending } = await client.beginAuthorization();
  const callback = new URL(await approve(url, { user: 'anna' }));
  change(callback.searchParams, pending);
  return rejection(client.completeAuthorization(callback, pending, { key: 'bad' }));
}

const callbacks = {
  'a wrong state': [(query) => query.set('state', 'x'), 'state_mismatch'],
  'no state': [(query) => query.delete('state'), 'missing_state'],
  'no code': [(query) => query.delete('code'), 'missing_code'],
  'the issuer of another server': [(query) => query.set('iss', 'https://evil.example'), 'issuer_mismatch'],
  'no issuer, where the server says that it sends one': [(query) => query.delete('iss'), 'missing_issuer'],
  'a code twice': [(query) => query.append('code', 'x'), 'duplicate_parameter'],
  'a token': [(query) => query.set('access_token', 'x'), 'token_in_callback'],
};

for (const [name, [change, code]] of Object.entries(callbacks)) {
  test(`a callback with ${name} is refused before its code is sent`, async () => {
    const before = sandbox.requests.count({ path: '/oauth/token' });
    const error = await completeWith(change);
    assert.ok(error instanceof AuthorizationError, error.stack);
    assert.equal(error.code, code);
    assert.equal(sandbox.requests.count({ path: '/oauth/token' }), before);
  });
}

test('the pending authorization holds for its time only', async () => {
  const error = await completeWith((_, pending) => {
    pending.expiresAt = '2020-01-01T00:00:00Z';
  });
  assert.deepEqual([error.name, error.code], ['AuthorizationError', 'pending_expired']);
});

test('a damaged pending authorization is named', async () => {
  const error = await completeWith((_, pending) => {
    pending.codeVerifier = 'short';
  });
  assert.deepEqual([error.code, error.path], ['invalid_pending', 'pending.codeVerifier']);
  assert.match(error.message, /`pending\.codeVerifier` must be 43 to 128 characters/);
});

test("a customer's refusal is an error that says so", async () => {
  const { url, pending } = await client.beginAuthorization();
  const error = await rejection(client.completeAuthorization(await deny(url), pending));
  assert.ok(error instanceof AuthorizationError);
  assert.equal(error.code, 'access_denied');
  assert.match(error.message, /declined/);
});

test('a pending authorization completes once, also from a copy, and in another client over the same store', async () => {
  const { url, pending } = await client.beginAuthorization();
  const callback = await approve(url, { user: 'anna' });
  const copy = structuredClone(pending);
  await client.completeAuthorization(callback, pending, { key: 'once' });
  const before = sandbox.requests.count({ path: '/oauth/token' });
  const error = await rejection(client.completeAuthorization(callback, copy, { key: 'twice' }));
  assert.equal(error.code, 'pending_used');
  assert.equal(sandbox.requests.count({ path: '/oauth/token' }), before);
  assert.equal(await client.session('twice'), null);
});

test('a code that the server refuses is an OAuthError with the server’s code', async () => {
  const error = await completeWith((query) => query.set('code', 'made-up-code'));
  assert.ok(error instanceof OAuthError);
  assert.deepEqual([error.code, error.status, error.reauthRequired], ['invalid_grant', 400, true]);
  assert.ok(error.requestId);
  assert.ok(!JSON.stringify(error).includes('made-up-code'));
});

test('an unknown account is a 404 with its code and request id', async () => {
  const error = await rejection(session.account('acc_nobody'));
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, error.status, error.retryable], ['account_not_found', 404, false]);
  assert.ok(error.requestId && error.timestamp);
  assert.equal(error.requestSent, 'yes');
});

test('a token that the server does not know is a 401, after one refresh and one replay', async () => {
  const own = await connect(sandbox);
  const before = sandbox.requests.count({ grantType: 'refresh_token' });
  sandbox.faults.add({
    match: { path: '/aisp/v1/accounts*' },
    fault: 'status',
    status: 401,
    body: '{"error":"invalid_token"}',
    times: 2,
  });
  const error = await rejection(own.session.accounts());
  assert.deepEqual(
    [error.name, error.code, error.status, error.reauthRequired],
    ['ApiError', 'invalid_token', 401, true],
  );
  assert.equal(error.attempts, 2);
  assert.equal(sandbox.requests.count({ grantType: 'refresh_token' }), before + 1);
  assert.equal((await own.session.accounts()).items.length, 3);
});

test('too many requests are a RateLimitError', async () => {
  const limited = await startSandbox({ rateLimit: [{ limit: 2, seconds: 60 }] });
  after(() => limited.close());
  const own = await connect(limited, { rateLimit: false, maxRetries: 0 });
  await own.session.accounts();
  await own.session.accounts();
  const error = await rejection(own.session.accounts());
  assert.ok(error instanceof RateLimitError);
  assert.deepEqual([error.code, error.status, error.retryable], ['rate_limit_exceeded', 429, true]);
  assert.ok(Date.parse(error.retryAt) > Date.now());
});

test('consent: a revoked one is a ConsentError with reauthRequired', async () => {
  const own = await connect(sandbox);
  sandbox.consents.revoke(sandbox.consents.list().at(-1).id);
  const error = await rejection(own.session.accounts());
  assert.ok(error instanceof ConsentError && error instanceof ApiError);
  assert.deepEqual([error.code, error.reauthRequired], ['consent_revoked', true]);
});

/** Faults of the API, and what each becomes. */
const faults = {
  'a 502 with a page of HTML': [
    { fault: 'html_502' },
    ApiError,
    { code: 'http_502', status: 502, retryable: true },
  ],
  'a body that is cut in the middle': [
    { fault: 'cut_body' },
    NetworkError,
    { code: 'body_interrupted', requestSent: 'yes' },
  ],
  'a 200 with an empty body': [{ fault: 'empty_200' }, ResponseError, { code: 'empty_body', status: 200 }],
  'a reset before the request was processed': [
    { fault: 'reset_before' },
    NetworkError,
    { code: 'network_error', requestSent: 'unknown' },
  ],
  'a reset after the request was processed': [
    { fault: 'reset_after' },
    NetworkError,
    { code: 'network_error', requestSent: 'unknown' },
  ],
  'a redirect': [
    { fault: 'redirect', location: 'https://evil.example/' },
    ResponseError,
    { code: 'unexpected_redirect', status: 302 },
  ],
  'a body that is no JSON': [
    { fault: 'status', status: 200, body: 'hello', contentType: 'application/json' },
    ResponseError,
    { code: 'invalid_response' },
  ],
  'a problem document': [
    {
      fault: 'status',
      status: 503,
      body: '{"title":"Down","detail":"For repair"}',
      contentType: 'application/problem+json',
    },
    ApiError,
    { code: 'http_503', status: 503 },
  ],
};

for (const [name, [fault, type, expected]] of Object.entries(faults)) {
  test(`${name} is a typed error, and the next call works`, async () => {
    const own = await connect(sandbox, { maxRetries: 0 });
    sandbox.faults.add({ match: { path: '/aisp/v1/accounts*' }, times: 1, ...fault });
    const error = await rejection(own.session.accounts());
    assert.ok(error instanceof type, error.stack);
    for (const [key, value] of Object.entries(expected)) assert.equal(error[key], value, key);
    assert.equal((await own.session.accounts()).items.length, 3);
  });
}

test('the same faults at the token endpoint are typed errors, and the client goes on', async () => {
  for (const [fault, name] of [
    ['html_502', 'OAuthError'],
    ['empty_200', 'ResponseError'],
    ['cut_body', 'NetworkError'],
    ['reset_after', 'NetworkError'],
    ['redirect', 'ResponseError'],
  ]) {
    const { url, pending } = await client.beginAuthorization();
    const callback = await approve(url, { user: 'anna' });
    sandbox.faults.add({
      match: { path: '/oauth/token' },
      fault,
      times: 1,
      location: 'https://evil.example/',
    });
    const error = await rejection(client.completeAuthorization(callback, pending, { key: fault }));
    assert.equal(error.name, name, fault);
    assert.equal(await client.session(fault), null);
  }
  assert.equal((await session.accounts()).items.length, 3);
});

test('a server that is not there is a NetworkError that says that nothing was sent', async () => {
  const gone = await startSandbox();
  await gone.close();
  const error = await rejection(clientOf(gone).then((client) => client.beginAuthorization()));
  assert.ok(error instanceof NetworkError);
  assert.deepEqual([error.code, error.requestSent, error.retryable], ['connection_failed', 'no', true]);
  assert.equal(error.cause.cause.code, 'ECONNREFUSED');
});

test('wrong options are named when the client is created', async () => {
  const good = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' };
  for (const [change, path] of [
    [{ environment: 'test' }, 'environment'],
    [{ environment: { baseUrl: 'http://api.oakford.dev' } }, 'environment.baseUrl'],
    [{ clientId: '' }, 'clientId'],
    [{ clientId: 7 }, 'clientId'],
    [{ redirectUri: 'nonsense' }, 'redirectUri'],
    [{ clientID: 'a' }, 'clientID'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ fetch: 'no' }, 'fetch'],
    [{ tokenStore: {} }, 'tokenStore'],
    [{ rateLimitStore: 'redis' }, 'rateLimitStore'],
    [{ ratelimitStore: {} }, 'ratelimitStore'],
    [{ scope: ['a b"'] }, 'scope'],
  ]) {
    const error = await rejection(createClient({ ...good, ...change }));
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.path, path);
  }
  await createClient({ ...good, redirectUri: REDIRECT_URI });
});

test('stores: createClient names the methods that a store lacks', async () => {
  const good = { environment: 'sandbox', clientId: 'a', redirectUri: REDIRECT_URI };
  for (const [change, message] of [
    [
      { rateLimitStore: { acquire: async () => 0 } },
      '`rateLimitStore` must be an object with acquire and release, got one without release.',
    ],
    [{ rateLimitStore: null }, '`rateLimitStore` must be an object with acquire and release, got null.'],
    [
      { tokenStore: {} },
      '`tokenStore` must be an object with get and compareAndSwap, got one without get and compareAndSwap.',
    ],
  ])
    assert.equal((await rejection(createClient({ ...good, ...change }))).message, message);
});

test('a wrong query is named before anything is sent', async () => {
  const before = sandbox.requests.length;
  for (const [query, path] of [
    [{ dateFrom: '2024-02-30' }, 'dateFrom'],
    [{ dateFrom: '2024-02-02', dateTo: '2024-02-01' }, 'dateTo'],
    [{ status: 'done' }, 'status'],
    [{ limit: 0 }, 'limit'],
    [{ checkpoint: 'nonsense' }, 'checkpoint'],
    [{ from: 'nonsense' }, 'from'],
    [{ datefrom: '2024-02-01' }, 'datefrom'],
  ]) {
    const error = await rejection(session.transactions('acc_anna_pln', query));
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.path, path);
  }
  assert.equal(sandbox.requests.length, before);
});

test('transactions, accounts: `from` is refused as an unknown option when a checkpoint is meant', async () => {
  for (const list of [session.transactions('acc_anna_pln', { from: 'x' }), session.accounts({ from: 'x' })]) {
    const error = await rejection(list);
    assert.equal(error.code, 'invalid_option');
    assert.match(error.message, /^`from` must be one of the options .*\bcheckpoint\b.*, got another name/);
  }
});

test('wrong arguments are named, and harm no other call', async () => {
  sandbox.faults.add({ match: { path: '/aisp/v1/accounts' }, fault: 'latency', delayMs: 200, times: 1 });
  const beside = session.accounts();
  const waiting = beside.then(({ items }) => items.length);
  for (const [work, path] of [
    [() => session.accounts({ signal: new AbortController() }), 'signal'],
    [() => session.accounts({ signal: {} }), 'signal'],
    [() => session.balances('acc_anna_pln', { timeoutMS: 1 }), 'timeoutMS'],
    [() => session.refresh({ force: true }), 'force'],
    [() => session.transactions(undefined), 'accountId'],
    [() => session.account(''), 'accountId'],
    [() => session.accounts('x'), 'options'],
    [() => session.accounts({ timeoutMs: 0 }), 'timeoutMs'],
    [() => client.completeAuthorization('https://a.example/?code=1', {}, { Key: 'user-42' }), 'Key'],
    [() => client.completeAuthorization('https://a.example/?code=1', {}, 'user-42'), 'options'],
    [() => client.completeAuthorization(undefined, {}), 'callbackUrl'],
    [() => client.session(''), 'key'],
  ]) {
    const error = await rejection(work);
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.path, path);
  }
  assert.equal(await waiting, 3);
});

test('a list never throws before it is awaited, whatever it is given', () => {
  for (const list of [
    session.accounts('x'),
    session.transactions(undefined),
    session.balances('a', { x: 1 }),
  ]) {
    assert.equal(typeof list.then, 'function');
  }
});

test('a code that could not be sent is not lost', async () => {
  let down = false;
  const flaky = await clientOf(sandbox, {
    fetch: (url, init) => {
      if (down && url.endsWith('/oauth/token')) {
        throw Object.assign(new TypeError('fetch failed'), {
          cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
        });
      }
      return fetch(url, init);
    },
  });
  const { url, pending } = await flaky.beginAuthorization();
  const callback = await approve(url, { user: 'anna' });
  down = true;
  const error = await rejection(flaky.completeAuthorization(callback, pending));
  assert.deepEqual([error.code, error.requestSent, error.reauthRequired], ['connection_failed', 'no', false]);
  down = false;
  assert.ok(await flaky.completeAuthorization(callback, pending));
});

test('a refused client secret does not send the customer round again', async () => {
  const wrong = await clientOf(sandbox, { clientSecret: 'wrong' });
  const { url, pending } = await wrong.beginAuthorization();
  const error = await rejection(wrong.completeAuthorization(await approve(url, { user: 'anna' }), pending));
  assert.deepEqual([error.code, error.reauthRequired, error.retryable], ['invalid_client', false, false]);
});
