// The four endpoints: what they answer, to whom, and how lists are paged.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startSandbox } from '../support/sandbox.mjs';
import { allTransactions, connect, get } from './plain-client.js';

describe('API', () => {
  let sandbox;
  let anna;
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    anna = (await connect(sandbox)).access_token;
  });
  after(() => sandbox.close());

  it('lists the consented accounts only, and hides the others', async () => {
    const customer = { user: 'anna', accounts: ['acc_anna_savings'] };
    const { access_token } = await connect(sandbox, { customer });
    const { body } = await get(sandbox, '/accounts', access_token);
    assert.deepEqual(
      body.accounts.map(({ account_id }) => account_id),
      ['acc_anna_savings'],
    );
    const unconsented = await get(sandbox, '/accounts/acc_anna_current', access_token);
    const unknown = await get(sandbox, '/accounts/acc_nobody', access_token);
    for (const { status, body: error } of [unconsented, unknown]) {
      assert.equal(status, 404);
      assert.equal(error.error, 'account_not_found');
    }
    assert.equal(unconsented.body.error_description, unknown.body.error_description);
  });

  it('offers at a bank only the accounts kept there', async () => {
    const { access_token } = await connect(sandbox, { customer: { user: 'anna', bank: 'wislany' } });
    const { body } = await get(sandbox, '/accounts', access_token);
    assert.deepEqual(
      body.accounts.map(({ account_id }) => account_id),
      ['acc_anna_pln'],
    );
  });

  it('adds balances to accounts when asked', async () => {
    const without = (await get(sandbox, '/accounts', anna)).body.accounts[0];
    const withThem = (await get(sandbox, '/accounts?with_balances=true', anna)).body.accounts[0];
    assert.equal(without.balances, undefined);
    const { body } = await get(sandbox, '/accounts/acc_anna_current/balances', anna);
    assert.deepEqual(withThem.balances, body.balances);
  });

  it('pages accounts', async () => {
    const seen = [];
    let cursor = '';
    do {
      const { body } = await get(sandbox, `/accounts?limit=2${cursor && `&cursor=${cursor}`}`, anna);
      seen.push(body.accounts.map(({ account_id }) => account_id));
      cursor = body.next_cursor;
    } while (cursor);
    assert.deepEqual(seen, [['acc_anna_current', 'acc_anna_savings'], ['acc_anna_pln']]);
  });

  it('gives every row of the busy account once, pending first, then newest first', async () => {
    const rows = await allTransactions(sandbox, 'acc_anna_current', anna);
    assert.equal(rows.length, 10_504);
    const ids = rows.flatMap(
      ({ transaction_id, pending_transaction_id }) => transaction_id ?? pending_transaction_id ?? [],
    );
    assert.equal(new Set(ids).size, ids.length);
    const pending = rows.filter(({ status }) => status === 'pending');
    assert.equal(pending.length, 27);
    assert.deepEqual(rows.slice(0, pending.length), pending);
    const dates = rows.slice(pending.length).map(({ booking_date }) => booking_date);
    assert.deepEqual(dates, dates.toSorted().reverse());
    const small = await allTransactions(sandbox, 'acc_anna_current', anna, { limit: '333' });
    assert.deepEqual(small, rows);
  });

  it('filters by status', async () => {
    const all = await allTransactions(
      sandbox,
      'acc_james_current',
      (await connect(sandbox, { customer: { user: 'james' } })).access_token,
    );
    const { access_token } = await connect(sandbox, { customer: { user: 'james' } });
    const booked = await allTransactions(sandbox, 'acc_james_current', access_token, { status: 'booked' });
    const pending = await allTransactions(sandbox, 'acc_james_current', access_token, { status: 'pending' });
    assert.ok(booked.every(({ status }) => status !== 'pending'));
    assert.ok(pending.every(({ status }) => status === 'pending'));
    assert.deepEqual([...pending, ...booked], all);
  });

  it('filters by booking date, both days inclusive', async () => {
    const all = await allTransactions(sandbox, 'acc_anna_current', anna, { status: 'booked' });
    const days = [...new Set(all.map(({ booking_date }) => booking_date))];
    const [to, , from] = days.slice(20, 23);
    const some = await allTransactions(sandbox, 'acc_anna_current', anna, {
      status: 'booked',
      date_from: from,
      date_to: to,
    });
    assert.deepEqual(
      some,
      all.filter(({ booking_date }) => booking_date >= from && booking_date <= to),
    );
    assert.equal(new Set(some.map(({ booking_date }) => booking_date)).size, 3);
  });

  it('binds cursors to the other parameters', async () => {
    const path = '/accounts/acc_anna_current/transactions?limit=10';
    const cursor = (await get(sandbox, path, anna)).body.next_cursor;
    assert.equal((await get(sandbox, `${path}&cursor=${cursor}`, anna)).status, 200);
    const changed = [
      `/accounts/acc_anna_current/transactions?limit=11&cursor=${cursor}`,
      `${path}&status=booked&cursor=${cursor}`,
      `${path}&date_from=2020-01-01&cursor=${cursor}`,
      `/accounts/acc_anna_savings/transactions?limit=10&cursor=${cursor}`,
      `${path}&cursor=${cursor}A`,
      `${path}&cursor=nonsense`,
      `${path}&cursor=`,
    ];
    for (const query of changed) {
      const { status, body } = await get(sandbox, query, anna);
      assert.equal(status, 400, query);
      assert.equal(body.error, 'invalid_cursor', query);
    }
  });

  for (const [query, code] of [
    ['limit=0', 'invalid_request'],
    ['limit=501', 'invalid_request'],
    ['limit=ten', 'invalid_request'],
    ['limit=5&limit=6', 'invalid_request'],
    ['status=done', 'invalid_request'],
    ['date_from=2025-02-30', 'invalid_request'],
    ['date_from=yesterday', 'invalid_request'],
    ['date_from=2025-03-02&date_to=2025-03-01', 'invalid_date_range'],
  ]) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await get(sandbox, `/accounts/acc_anna_current/transactions?${query}`, anna);
      assert.equal(status, 400);
      assert.equal(body.error, code);
      assert.match(body.timestamp, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    });
  }

  it('challenges calls without a token, or with a wrong one', async () => {
    const none = await get(sandbox, '/accounts');
    assert.equal(none.status, 401);
    assert.match(none.headers.get('www-authenticate'), /^Bearer realm="[^"]+"$/);
    const wrong = await get(sandbox, '/accounts', 'wrong');
    assert.equal(wrong.status, 401);
    assert.equal(wrong.body.error, 'invalid_token');
    assert.match(wrong.headers.get('www-authenticate'), /error="invalid_token"/);
  });

  it('takes the token in the header only', async () => {
    assert.equal((await get(sandbox, `/accounts?access_token=${anna}`)).status, 401);
  });

  it('refuses a token without the scope', async () => {
    const { access_token } = await connect(sandbox, { parameters: { scope: 'openid' } });
    const { status, body, headers } = await get(sandbox, '/accounts', access_token);
    assert.equal(status, 403);
    assert.equal(body.error, 'insufficient_scope');
    assert.match(headers.get('www-authenticate'), /scope="accounts"/);
  });

  it('echoes X-Request-ID, and makes one where there is none', async () => {
    const given = await get(sandbox, '/accounts/nope', anna, { headers: { 'X-Request-ID': 'mine-1' } });
    assert.equal(given.headers.get('x-request-id'), 'mine-1');
    assert.equal(given.body.request_id, 'mine-1');
    assert.match((await get(sandbox, '/accounts', anna)).headers.get('x-request-id'), /^[0-9a-f-]{36}$/);
  });

  it('answers preflights and exposes the headers that a client needs', async () => {
    const origin = 'https://app.example';
    const preflight = await fetch(`${sandbox.baseUrl}/accounts`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization,dpop,x-request-id',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization,dpop,x-request-id');
    for (const url of [`${sandbox.baseUrl}/accounts`, `${sandbox.origin}/oauth/jwks`]) {
      const { headers } = await fetch(url, { headers: { Origin: origin } });
      assert.equal(headers.get('access-control-allow-origin'), '*');
      const exposed = headers.get('access-control-expose-headers').toLowerCase().split(', ');
      for (const name of [
        'date',
        'dpop-nonce',
        'www-authenticate',
        'retry-after',
        'x-request-id',
        'ratelimit-remaining',
      ]) {
        assert.ok(exposed.includes(name), `${name} at ${url}`);
      }
    }
  });

  it('knows ids as one decoded path segment', async () => {
    for (const id of ['%zz', '..%2F..', '%2e%2e', 'a%20b', '%F0%9F%98%80', 'acc_anna_current%2Fbalances']) {
      const { status } = await get(sandbox, `/accounts/${id}/transactions`, anna);
      assert.equal(status, 404, id);
    }
  });

  it('answers unknown paths and other methods by the contract', async () => {
    assert.equal((await get(sandbox, '/payments', anna)).status, 404);
    const posted = await get(sandbox, '/accounts', anna, { method: 'POST' });
    assert.equal(posted.status, 405);
    assert.equal(posted.headers.get('allow'), 'GET, HEAD');
  });

  it('answers on loopback host names only', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request(`${sandbox.baseUrl}/accounts`, { headers: { Host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 421);
  });
});
