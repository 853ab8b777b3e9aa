/** Options that are no values: refused with their path before anything is sent, and null where it may stand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, createClient, Money, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import dayjs from 'dayjs';
import moment from 'moment';
import { temporaryFolder } from '../support/machine.mjs';
import { rejection } from '../support/rejection.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';

const good = {
  environment: 'sandbox',
  clientId: 'a',
  clientSecret: 'b',
  redirectUri: 'https://a.example/cb',
};

/** Every path and value at which JSON would lose what the application meant. */
const LOST = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'an invalid Date': new Date('nonsense'),
  'an invalid date of dayjs': dayjs('nonsense'),
  'an invalid date of moment': moment('nonsense', 'YYYY', true),
  'an object whose toJSON gives nothing': { toJSON() {} },
  'a function': () => '2026-01-01',
  'a symbol': Symbol('2026-01-01'),
  'a BigInt': 5n,
  'half of a UTF-16 pair': 'a\ud800',
};

async function requestsOf(work) {
  const seen = [];
  const origin = await serve((request, response) => {
    seen.push(request.url);
    json(response, { account_id: 'a', transactions: [], next_cursor: null });
  });
  await work(await sessionAt(origin));
  return seen;
}

const refused = (error, path) => {
  assert.ok(error instanceof ConfigurationError, error?.stack);
  assert.deepEqual(
    [error.code, error.path, error.requestSent],
    ['invalid_option', path, 'no'],
    error.message,
  );
};

for (const [name, value] of Object.entries(LOST)) {
  test(`options of a call: ${name} is refused with its path, and nothing is sent`, async () => {
    const seen = await requestsOf(async (session) => {
      for (const option of ['dateFrom', 'dateTo', 'status', 'limit', 'from', 'maxPages', 'timeoutMs'])
        refused(await rejection(session.transactions('a', { [option]: value })), option);
      refused(await rejection(session.account('a', { psu: { ipAddress: value } })), 'psu.ipAddress');
      refused(await rejection(session.sync('a', { checkpoint: value })), 'checkpoint');
    });
    assert.deepEqual(seen, []);
  });

  test(`options of an authorization: ${name} is refused with its path at any depth`, async () => {
    const client = await createClient(good);
    for (const [options, path] of [
      [{ authorizationDetails: { validUntil: value } }, 'authorizationDetails.validUntil'],
      [
        { authorizationDetails: [{ accounts: [{ iban: value }] }] },
        'authorizationDetails[0].accounts[0].iban',
      ],
      [{ authorizationDetails: value }, 'authorizationDetails'],
      [{ claims: { id_token: { acr: { values: ['a', value] } } } }, 'claims.id_token.acr.values[1]'],
      [{ claims: value }, 'claims'],
      [{ scope: ['openid', value] }, 'scope[1]'],
      [{ pendingLifetimeMs: value }, 'pendingLifetimeMs'],
    ])
      refused(await rejection(client.beginAuthorization(options)), path);
  });

  test(`options of createClient: ${name} is refused with its path at any depth`, async () => {
    for (const [options, path] of [
      [{ timeoutMs: value }, 'timeoutMs'],
      [{ rateLimit: { perMinute: value } }, 'rateLimit.perMinute'],
      [{ environment: { baseUrl: 'https://a.example', issuer: value } }, 'environment.issuer'],
      [{ scope: [value] }, 'scope[0]'],
    ])
      refused(await rejection(createClient({ ...good, ...options })), path);
  });
}

test('options: undefined in a list and an object that holds itself are refused with their path', async () => {
  const client = await createClient(good);
  refused(await rejection(client.beginAuthorization({ scope: ['openid', undefined] })), 'scope[1]');
  // biome-ignore lint/suspicious/noSparseArray: a hole is what the test is about.
  refused(await rejection(client.beginAuthorization({ scope: ['openid', , 'accounts'] })), 'scope[1]');
  const claims = {};
  claims.userinfo = { claims };
  const error = await rejection(client.beginAuthorization({ claims }));
  assert.ok(
    error instanceof ConfigurationError && error.path.startsWith('claims.userinfo.claims'),
    error.stack,
  );
});

test('a date whose toJSON gives a calendar date is accepted', async () => {
  const day = { toJSON: () => '2026-01-31' };
  const seen = await requestsOf((session) => session.transactions('a', { dateFrom: day }));
  assert.deepEqual(seen, ['/aisp/v1/accounts/a/transactions?date_from=2026-01-31']);
});

test('integers: one that is out of range is shown in the error', async () => {
  for (const [work, message] of [
    [() => createClient({ ...good, timeoutMs: 0 }), '`timeoutMs` must be an integer ≥ 1, got 0.'],
    [
      () => createClient({ ...good, rateLimit: { perMinute: 0 } }),
      '`rateLimit.perMinute` must be an integer ≥ 1, got 0.',
    ],
  ])
    assert.equal((await rejection(work)).message, message);
  await requestsOf(async (session) => {
    const [page, all] = [session.transactions('a', { limit: 501 }), session.accounts().all({ limit: -1 })];
    assert.equal((await rejection(page)).message, '`limit` must be an integer from 1 to 500, got 501.');
    assert.equal((await rejection(all)).message, '`limit` must be an integer ≥ 1, got -1.');
  });
});

test('null: in the options of a call it counts as absent', async () => {
  const seen = await requestsOf(async (session) => {
    await session.transactions('a', {
      dateFrom: null,
      dateTo: null,
      status: null,
      limit: null,
      checkpoint: null,
      maxPages: null,
      signal: null,
      timeoutMs: null,
      deadlineMs: null,
      priority: null,
      psu: { ipAddress: null, userAgent: null },
    });
    await session.transactions('a', null);
    await session.transactions('a', { psu: null });
  });
  assert.deepEqual(seen, Array(3).fill('/aisp/v1/accounts/a/transactions'));
});

test('null: createClient refuses it by name, at any depth', async () => {
  for (const name of [
    ...Object.keys(good),
    'scope',
    'profile',
    'clientAuth',
    'dpop',
    'tokenStore',
    'rateLimitStore',
    'fetch',
    'onEvent',
    'timeoutMs',
    'deadlineMs',
    'maxBodyBytes',
    'maxRetries',
    'rateLimit',
  ])
    refused(await rejection(createClient({ ...good, [name]: null })), name);
  const environment = { baseUrl: 'https://a.example', issuer: null };
  refused(await rejection(createClient({ ...good, environment })), 'environment.issuer');
  refused(await rejection(createClient(null)), 'options');
});

test('client secret: an empty one is refused by name', async () => {
  for (const clientAuth of [undefined, { method: 'client_secret_basic' }, { method: 'client_secret_post' }])
    refused(await rejection(createClient({ ...good, clientAuth, clientSecret: '' })), 'clientSecret');
});

test('counts: a fraction is refused by name, and times may have one', async () => {
  const seen = await requestsOf(async (session) => {
    for (const name of ['limit', 'maxPages'])
      refused(await rejection(session.transactions('a', { [name]: 1.5 })), name);
    refused(await rejection(session.accounts().all({ limit: 1.5 })), 'limit');
    await session.transactions('a', { timeoutMs: 1000.5, deadlineMs: 1000.5 });
  });
  assert.equal(seen.length, 1);
  refused(await rejection(createClient({ ...good, maxRetries: 1.5 })), 'maxRetries');
  refused(await rejection(createClient({ ...good, rateLimit: { perMinute: 1.5 } })), 'rateLimit.perMinute');
});

test('Money.format: a locale that is none is refused by name', () => {
  const money = { amount: '1.50', currency: 'EUR' };
  for (const locale of ['no_such', '', 'x', ['de', 'not a tag'], null, 7, Symbol('de'), { toString: null }]) {
    assert.throws(
      () => Money.format(money, locale),
      (error) => {
        refused(error, 'locale');
        return true;
      },
    );
  }
  assert.equal(Money.format(money, 'en-IE'), '€1.50');
  assert.equal(Money.format(money, ['de-DE']).replace(/\s/u, ' '), '1,50 €');
});

test('keys and ids: half of a UTF-16 pair is refused by name, so that two keys never become one', async () => {
  const tokenStore = memoryStore();
  const client = await createClient({ ...good, tokenStore });
  for (const broken of ['\ud800', 'user-\udc00', '\udc00\ud800']) {
    refused(await rejection(client.session(broken)), 'key');
    refused(
      await rejection(client.completeAuthorization('https://a.example/cb?code=1', {}, { key: broken })),
      'key',
    );
  }
  assert.equal(await client.session('user-😀'), null);
  const seen = await requestsOf(async (session) => {
    refused(await rejection(session.account('\ud800')), 'accountId');
    refused(await rejection(session.transactions('\ud800')), 'accountId');
    refused(await rejection(session.balances('\ud800')), 'accountId');
    refused(await rejection(session.sync('\ud800')), 'accountId');
  });
  assert.deepEqual(seen, []);
});

test('store keys: half of a UTF-16 pair is refused by stores that write UTF-8, and kept apart by the others', async () => {
  const unused = () => assert.fail('nothing is asked of Redis');
  for (const store of [
    fileStore({ directory: temporaryFolder() }),
    redisStore({ get: unused, eval: unused }),
  ]) {
    refused(await rejection(store.get('\ud800')), 'key');
    refused(await rejection(store.compareAndSwap('\ud800', null, 'a')), 'key');
  }
  const memory = memoryStore();
  assert.equal(await memory.compareAndSwap('\ud800', null, 'a'), true);
  assert.equal(await memory.get('\udc00'), null);
  assert.equal(await memory.get('\ufffd'), null);
});
