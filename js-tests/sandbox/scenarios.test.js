// Scenarios: each built-in one is what its line says, one's own are checked, and one replaces another while the sandbox runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { approve, deny } from '@oakford/aisp-sandbox/testing';
import { allTransactions, authorizationRequest, connect, get, sandboxFor } from './plain-client.js';

const DAY = 86_400_000;
const SCHEMA = JSON.parse(
  readFileSync(new URL('../../sandbox/scenarios/schema.json', import.meta.url), 'utf8'),
);

const balanceOf = async (sandbox, id, token, type) => {
  const { body } = await get(sandbox, `/accounts/${id}/balances`, token);
  return Number(body.balances.find((each) => each.balance_type === type).balance_amount.amount);
};

it('lists what is built in, the plain one first, each with one line', async (t) => {
  const { scenarios } = await sandboxFor(t);
  const list = scenarios.list();
  assert.deepEqual(scenarios.current, list[0]);
  assert.equal(list[0].name, 'standard');
  for (const { name, description } of list) {
    assert.match(description, /^[^\n]{20,110}$/, name);
    assert.equal(scenarios.load(name).name, name);
  }
});

it('new-customer: a handful of transactions of an account opened six days ago', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'new-customer' });
  const { access_token } = await connect(sandbox);
  const { body } = await get(sandbox, '/accounts', access_token);
  assert.deepEqual(
    body.accounts.map(({ account_id }) => account_id),
    ['acc_james_current'],
  );
  const opened = new Date(sandbox.clock.now() - 6 * DAY).toISOString().slice(0, 10);
  assert.equal(body.accounts[0].opened_date, opened);
  const rows = await allTransactions(sandbox, 'acc_james_current', access_token);
  assert.equal(rows.length, 7);
  for (const { transaction_date } of rows) assert.ok(transaction_date >= opened, transaction_date);
});

it('overdrawn: balances below zero, with and beyond a credit line', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'overdrawn' });
  const { access_token } = await connect(sandbox, { customer: { user: 'james' } });
  assert.equal(await balanceOf(sandbox, 'acc_james_current', access_token, 'interim_booked'), -418.7);
  assert.equal(await balanceOf(sandbox, 'acc_james_current', access_token, 'interim_available'), 81.3);
  const anna = (await connect(sandbox, { customer: { user: 'anna' } })).access_token;
  assert.equal(await balanceOf(sandbox, 'acc_anna_current', anna, 'interim_booked'), -1204.17);
  assert.equal(await balanceOf(sandbox, 'acc_anna_current', anna, 'interim_available'), -204.17);
});

it('10000-rows: about so many rows of one account', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: '10000-rows', rateLimit: false });
  const { access_token } = await connect(sandbox);
  const { body } = await get(sandbox, '/accounts', access_token);
  assert.equal(body.accounts.length, 1);
  const rows = await allTransactions(sandbox, body.accounts[0].account_id, access_token);
  assert.ok(rows.length > 9_500 && rows.length < 11_000, String(rows.length));
});

it('multi-currency: one customer with five currencies', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'multi-currency' });
  const { access_token } = await connect(sandbox);
  const { body } = await get(sandbox, '/accounts', access_token);
  const currencies = new Set(body.accounts.map(({ currency }) => currency));
  assert.deepEqual([...currencies].sort(), ['BHD', 'EUR', 'GBP', 'JPY', 'PLN']);
  for (const { owner_name } of body.accounts) assert.equal(owner_name, 'Noor Al-Khalifa');
});

it('consent-expiring: two days, for consents given before too', async (t) => {
  const sandbox = await sandboxFor(t);
  const { access_token } = await connect(sandbox);
  sandbox.scenarios.load('consent-expiring');
  await connect(sandbox);
  for (const { expiresAt } of sandbox.consents.list())
    assert.equal(Math.round((Date.parse(expiresAt) - sandbox.clock.now()) / DAY), 2);
  assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
});

it('bank-down: the list is there, what lies at the banks is not, and the next scenario lifts it', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'bank-down' });
  const { access_token } = await connect(sandbox);
  assert.equal((await get(sandbox, '/accounts', access_token)).status, 200);
  for (const what of ['balances', 'transactions']) {
    const { status, body } = await get(sandbox, `/accounts/acc_anna_current/${what}`, access_token);
    assert.equal(status, 503);
    assert.equal(body.error, 'provider_unavailable');
  }
  sandbox.scenarios.load('standard');
  assert.equal((await get(sandbox, '/accounts/acc_anna_current/balances', access_token)).status, 200);
});

it('one-time-code: nobody gets in without it, and the ID token tells that it was asked', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'one-time-code' });
  const { url } = authorizationRequest(sandbox);
  await assert.rejects(approve(url, { code: '000000' }), /stopped at .*\/code: .*not the code/);
  assert.match(await deny(url), /error=access_denied/);
  const { id_token } = await connect(sandbox, {
    parameters: { claims: JSON.stringify({ id_token: { acr: null } }) },
  });
  const claims = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
  assert.equal(claims.acr, 'urn:openbanking:psd2:sca');
});

it('asks for a one-time code without a scenario where the app asks for strong authentication', async (t) => {
  const sandbox = await sandboxFor(t);
  for (const parameters of [
    { acr_values: 'urn:openbanking:psd2:sca' },
    { claims: JSON.stringify({ id_token: { acr: { values: ['urn:openbanking:psd2:sca'] } } }) },
  ]) {
    const { url } = authorizationRequest(sandbox, parameters);
    await assert.rejects(approve(url, { code: '000000' }), /stopped at .*\/code/);
    await approve(url);
  }
  await approve(authorizationRequest(sandbox).url, { code: '000000' });
});

it('tight-limits: the sixth call is one too many', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'tight-limits' });
  const { access_token } = await connect(sandbox);
  const statuses = [];
  for (let call = 0; call < 6; call += 1)
    statuses.push((await get(sandbox, '/accounts', access_token)).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
});

it('changes other accounts’ rows neither by loading a scenario nor by going back', async (t) => {
  const sandbox = await sandboxFor(t, { rateLimit: false });
  const { access_token } = await connect(sandbox);
  const before = await allTransactions(sandbox, 'acc_anna_pln', access_token);
  for (const scenario of ['overdrawn', 'standard']) {
    sandbox.scenarios.load(scenario);
    assert.deepEqual(await allTransactions(sandbox, 'acc_anna_pln', access_token), before, scenario);
  }
});

it('sets the clock where a scenario says so, and back with the next one', async (t) => {
  const { clock: started } = await sandboxFor(t);
  const sandbox = await sandboxFor(t, { scenario: { now: '2031-02-03T04:05:06Z' }, rateLimit: false });
  assert.equal(sandbox.clock.today(), '2031-02-03');
  const { access_token } = await connect(sandbox);
  const [latest] = await allTransactions(sandbox, 'acc_anna_current', access_token, { status: 'pending' });
  assert.ok(latest.transaction_date >= '2031-01-30', latest.transaction_date);
  sandbox.scenarios.load('standard');
  assert.ok(Math.abs(sandbox.clock.now() - started.now()) < 60_000);
  sandbox.clock.advance(7 * DAY);
  sandbox.scenarios.load('overdrawn');
  assert.ok(sandbox.clock.now() - started.now() > 6 * DAY, 'a clock that was moved by hand is left alone');
});

it('does not know an account that a scenario takes away, whatever was consented to', async (t) => {
  const sandbox = await sandboxFor(t);
  const { access_token } = await connect(sandbox);
  sandbox.scenarios.load({ accounts: { acc_anna_savings: { absent: true } } });
  assert.equal(
    (await get(sandbox, '/accounts/acc_anna_savings', access_token)).body.error,
    'account_not_found',
  );
  assert.equal((await get(sandbox, '/accounts', access_token)).body.accounts.length, 2);
});

it('names the field that is wrong in a scenario, and keeps the one before', async (t) => {
  const sandbox = await sandboxFor(t, { scenario: 'overdrawn' });
  const cases = [
    [{ customers: ['bob'] }, /^scenario: customers\[0\] must be one of anna, james, noor$/],
    [{ accounts: { acc_x: {} } }, /^scenario: accounts\.acc_x is not known; known are acc_anna_current, /],
    [
      { accounts: { acc_anna_current: { balance: -3 } } },
      /^scenario: accounts\.acc_anna_current\.balance must be of type string, such as "-418\.70"$/,
    ],
    [
      { accounts: { acc_noor_jpy: { balance: '1.5' } } },
      /^scenario: accounts\.acc_noor_jpy\.balance: JPY has 0 decimals$/,
    ],
    [{ consentDay: 3 }, /^scenario: the scenario has no field "consentDay"; it may have description, /],
    [{ consentDays: 0 }, /^scenario: consentDays must be > 0$/],
    [{ rateLimit: true }, /^scenario: rateLimit must be such as \[\{"limit":5,"seconds":10\}\] or false$/],
    [{ faults: [{ fault: 'flood' }] }, /^scenario: faults\[0\]\.fault must be one of reset_before, /],
    [{ now: '2026-13-01T00:00:00Z' }, /^scenario: now is no time that there is$/],
    [
      { customers: [], consentDays: 'x' },
      /^scenario:\n {2}customers must NOT have fewer than 1 items\n {2}consentDays must be of type number, such as 2$/,
    ],
    [[], /^scenario: the scenario must be object$/],
    ['nowhere', /^no scenario "nowhere": one of standard, /],
    ['/nowhere/at-all.json', /^\/nowhere\/at-all\.json: there is no such file$/],
  ];
  for (const [scenario, message] of cases) {
    assert.throws(() => sandbox.scenarios.load(scenario), { name: 'TypeError', message });
  }
  assert.equal(sandbox.scenarios.current.name, 'overdrawn');
});

it('has a schema that knows the banks, customers, accounts and faults that there are', async (t) => {
  const { banks, users, faults } = await sandboxFor(t);
  const { properties, definitions } = SCHEMA;
  assert.deepEqual(
    properties.banks.items.enum,
    banks.map(({ id }) => id),
  );
  assert.deepEqual(
    definitions.customer.enum,
    users.map(({ username }) => username),
  );
  assert.deepEqual(
    properties.accounts.propertyNames.enum,
    users.flatMap(({ accountIds }) => accountIds),
  );
  assert.throws(
    () => faults.add({ fault: 'none' }),
    (error) => error.message.endsWith(`one of ${definitions.fault.properties.fault.enum.join(', ')}`),
  );
});

it('is documented: the types and the README name every built-in scenario, with its line', async (t) => {
  const { scenarios } = await sandboxFor(t);
  const read = (path) => readFileSync(new URL(`../../sandbox/${path}`, import.meta.url), 'utf8');
  const rows = [...read('README.md').matchAll(/^\| `([a-z0-9-]+)` +\| (.+?) +\|$/gm)].map(
    ([, name, line]) => ({ name, line }),
  );
  const union = read('types/testing.d.cts').match(/type BuiltInScenario =([^;]+);/)[1];
  const names = scenarios.list().map(({ name }) => name);
  assert.deepEqual([...union.matchAll(/'([^']+)'/g)].map(([, name]) => name).sort(), [...names].sort());
  for (const { name, description } of scenarios.list()) {
    const plain = (text) => text.replaceAll('`', '').toLowerCase();
    const line = rows.find((row) => row.name === name)?.line ?? '';
    assert.equal(plain(line), plain(description), name);
  }
});

it('has a README that names every fault', () => {
  const text = readFileSync(new URL('../../sandbox/README.md', import.meta.url), 'utf8');
  const [, section] = text.split('## Faults on purpose');
  for (const kind of SCHEMA.definitions.fault.properties.fault.enum)
    assert.ok(section.includes(`\`${kind}\``), kind);
});

it('is switched over HTTP, by name or by a scenario in the body', async (t) => {
  const sandbox = await sandboxFor(t);
  const address = `${sandbox.origin}/_sandbox/scenario`;
  const post = async (body) => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  assert.equal((await post({ name: 'overdrawn' })).body.current.name, 'overdrawn');
  const mine = await post({ scenario: { description: 'Only Noor', customers: ['noor'] } });
  assert.deepEqual(mine.body.current, { name: 'custom', description: 'Only Noor' });
  await post({ name: 'standard' });
  assert.equal((await post({ name: 'custom' })).body.current.description, 'Only Noor');
  assert.equal(sandbox.users.length, 1);
  const { current, scenarios } = await (await fetch(address)).json();
  assert.deepEqual(current, mine.body.current);
  assert.deepEqual(scenarios, sandbox.scenarios.list());
  for (const wrong of [{ name: 'nope' }, { name: '/etc/passwd.json' }, {}, { scenario: { customers: 3 } }])
    assert.equal((await post(wrong)).status, 400, JSON.stringify(wrong));
});
