// The clock: where it starts, what goes by it, and what is given to clients in the machine's time.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startSandbox } from '../support/sandbox.mjs';
import { connect, get, sandboxFor } from './plain-client.js';

const DAY = 86_400_000;
const COMMAND = join(import.meta.dirname, '..', '..', 'sandbox', 'bin', 'aisp-sandbox.js');

/** Sets AISP_SANDBOX_NOW for one test. */
function environment(t, now) {
  const { AISP_SANDBOX_NOW: before = '' } = process.env;
  process.env.AISP_SANDBOX_NOW = now;
  t.after(() => {
    process.env.AISP_SANDBOX_NOW = before;
  });
}

describe('the start of the clock', () => {
  it('is `now`, or AISP_SANDBOX_NOW when no `now` is given, or the machine’s time', async (t) => {
    environment(t, '2031-02-03T04:05:06Z');
    assert.equal((await sandboxFor(t)).clock.today(), '2031-02-03');
    assert.equal((await sandboxFor(t, { now: '2024-02-29T12:00:00Z' })).clock.today(), '2024-02-29');
    assert.equal((await sandboxFor(t, { now: new Date('2024-02-29') })).clock.today(), '2024-02-29');
    process.env.AISP_SANDBOX_NOW = '';
    const { clock } = await sandboxFor(t);
    assert.ok(Math.abs(clock.now() - Date.now()) < 5000);
  });

  it('is refused by the option’s name when it is no time, or one without a zone', async (t) => {
    for (const now of ['soon', '2026-03-10T12:00:00', '2026-03-10T12:00'])
      await assert.rejects(startSandbox({ now }), { name: 'TypeError', message: /^now: ".*" is not a time/ });
    environment(t, 'soon');
    await assert.rejects(startSandbox(), /^TypeError: AISP_SANDBOX_NOW: "soon" is not a time such as /);
  });

  it('is refused by the command in one line', () => {
    const run = (args, env) =>
      spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
    for (const { stderr, status } of [run(['--now', 'soon']), run([], { AISP_SANDBOX_NOW: 'soon' })]) {
      assert.match(stderr, /^aisp-sandbox: (now|AISP_SANDBOX_NOW): "soon" is not a time such as .*\n$/);
      assert.equal(status, 1);
    }
  });

  it('is where `reset` goes back to', async (t) => {
    const { clock } = await sandboxFor(t, { now: '2026-03-10T12:00:00Z' });
    clock.advance(40 * DAY);
    clock.set('2030-01-01T00:00:00Z');
    clock.reset();
    assert.equal(clock.today(), '2026-03-10');
  });
});

describe('a client in the machine’s time', () => {
  for (const now of ['2024-02-29T12:00:00Z', '2031-11-28T12:00:00Z']) {
    it(`sees a consent of 90 days when the clock is pinned to ${now}`, async (t) => {
      const sandbox = await sandboxFor(t, { now });
      const { access_token } = await connect(sandbox);
      const daysLeft = async () => {
        const { body } = await get(sandbox, '/accounts', access_token);
        return Math.round((Date.parse(body.accounts[0].consent_expires_at) - Date.now()) / DAY);
      };
      assert.equal(await daysLeft(), 90);
      const [{ expiresAt }] = sandbox.consents.list();
      assert.equal(Math.round((Date.parse(expiresAt) - Date.parse(now)) / DAY), 90);
      sandbox.consents.setExpiry(new Date(sandbox.clock.now() + 7 * DAY));
      assert.equal(await daysLeft(), 7);
    });

    it(`is granted the last day that it asked for when the clock is pinned to ${now}`, async (t) => {
      const sandbox = await sandboxFor(t, { now });
      const until = new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10);
      const details = JSON.stringify([{ type: 'account_information', valid_until: until }]);
      const answer = await connect(sandbox, { parameters: { authorization_details: details } });
      assert.equal(answer.authorization_details[0].valid_until, until);
      const [{ expiresAt }] = sandbox.consents.list();
      assert.equal(Math.floor((Date.parse(expiresAt) - Date.parse(now)) / DAY), 30);
    });
  }

  it('sees a consent get older when the clock is moved', async (t) => {
    const sandbox = await sandboxFor(t, { accessTokenTtl: 100 * 86_400 });
    const { access_token } = await connect(sandbox);
    sandbox.clock.advance(88 * DAY);
    const { body } = await get(sandbox, '/accounts', access_token);
    assert.equal(Math.round((Date.parse(body.accounts[0].consent_expires_at) - Date.now()) / DAY), 2);
  });
});

describe('a process whose `Date` is faked', () => {
  it('gets the faked time in the data and in the `Date` header', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2028-02-29T12:00:00Z') });
    const sandbox = await sandboxFor(t, { now: new Date() });
    assert.equal(sandbox.clock.today(), '2028-02-29');
    const { headers } = await fetch(`${sandbox.origin}/.well-known/openid-configuration`);
    assert.equal(headers.get('date'), 'Tue, 29 Feb 2028 12:00:00 GMT');
  });
});

describe('a scenario that is loaded after the clock was moved', () => {
  it('has the balances and the age that its line says on that day', async (t) => {
    const sandbox = await sandboxFor(t, { now: '2026-11-20T12:00:00Z', accessTokenTtl: 9 * 86_400 });
    const { access_token } = await connect(sandbox, { customer: { user: 'anna' } });
    sandbox.clock.set('2026-11-28T12:00:00Z');
    sandbox.scenarios.load('overdrawn');
    const { body } = await get(sandbox, '/accounts/acc_anna_current/balances', access_token);
    const amounts = body.balances.map(({ balance_type, balance_amount }) => [
      balance_type,
      balance_amount.amount,
    ]);
    assert.deepEqual(amounts, [
      ['closing_booked', '-1204.17'],
      ['interim_booked', '-1204.17'],
      ['interim_available', '-204.17'],
      ['expected', '-1204.17'],
    ]);
  });
});
