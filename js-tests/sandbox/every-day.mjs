// Builds each scenario at noon of every day of two years in the zone of this process, and prints which promises are broken.
import { API_PATH } from '../../sandbox/src/api/path.cjs';
import { Clock } from '../../sandbox/src/clock.js';
import { BankData } from '../../sandbox/src/data/bank-data.js';
import { DEMO_BANK_ID } from '../../sandbox/src/data/banks.js';
import { FaultScript } from '../../sandbox/src/faults.js';
import { ONE_TIME_CODE } from '../../sandbox/src/oauth/connect-steps.js';
import { ConsentRegister } from '../../sandbox/src/oauth/consents.js';
import { PUBLISHED_LIMITS, RateLimiter } from '../../sandbox/src/rate-limit.js';
import { BUILT_IN } from '../../sandbox/src/scenario-file.js';
import { Scenarios } from '../../sandbox/src/scenarios.js';

const DAY = 86_400_000;
const WORDS = { none: 0, two: 2, three: 3, five: 5, six: 6, eight: 8, ten: 10 };

/** The numbers that a line says in the places of a pattern, in words or digits. */
function numbers(line, pattern) {
  const [, ...said] = line.match(pattern) ?? [];
  return said.map((word) => WORDS[word.toLowerCase()] ?? Number(word.replace(',', '')));
}

/** The accounts of those who can log in. */
const accountsOf = ({ data }) =>
  data.customers.flatMap((customer) => data.accountsOf(customer, DEMO_BANK_ID));
const rowsOf = ({ data }, id) =>
  data.transactions(data.account(id), { status: 'all', limit: Number.POSITIVE_INFINITY }).rows;

/** All balances of an account, in numbers by their type. */
function balancesOf({ data }, id) {
  const list = data.balances(data.account(id));
  return Object.fromEntries(
    list.map(({ balance_type, balance_amount }) => [balance_type, Number(balance_amount.amount)]),
  );
}

const daysBefore = (day, days) => new Date(Date.parse(day) - days * DAY).toISOString().slice(0, 10);
const decimals = (text) => text.split('.')[1]?.length ?? 0;

/** What each line promises: pairs of a claim and whether it is so. */
const PROMISES = {
  standard(stage, line) {
    const { data, faults, scenarios } = stage;
    const [customers, accounts, banks] = numbers(line, /(\w+) customers, (\w+) accounts, (\w+) banks/);
    return {
      customers: data.customers.length === customers,
      accounts: accountsOf(stage).length === accounts,
      banks: data.banks.length === banks,
      'nothing goes wrong': faults.list().length === 0 && !scenarios.oneTimeCode,
    };
  },

  'new-customer'(stage, line) {
    const { data, clock } = stage;
    const [days] = numbers(line, /opened his account (\w+) days ago/);
    const [account, ...others] = accountsOf(stage);
    const opened = daysBefore(clock.today(), days);
    const rows = rowsOf(stage, account.id).map((row) => row.wire());
    const sum = rows.reduce((total, row) => total + Number(row.transaction_amount.amount), 0);
    return {
      'James alone': data.customers.map(({ username }) => username).join() === 'james',
      'a current account, no savings, no card': account.type === 'current' && others.length === 0,
      'opened then': data.describe(account).opened_date === opened,
      'a handful': rows.length >= 3 && rows.length <= 12,
      'nothing before': rows.every(({ transaction_date }) => transaction_date >= opened),
      'from zero to the balance': Math.abs(sum - balancesOf(stage, account.id).interim_booked) < 0.005,
      'opened with money': Number(rows.at(-1).transaction_amount.amount) > 0,
    };
  },

  overdrawn(stage) {
    const anna = balancesOf(stage, 'acc_anna_current');
    const james = balancesOf(stage, 'acc_james_current');
    const limit = 500;
    const booked = ['closing_booked', 'interim_booked', 'expected'];
    return {
      'below zero': [anna, james].every((account) => booked.every((type) => account[type] < 0)),
      'Anna: beyond what her bank lends': anna.interim_available < 0,
      'James: near the end, not beyond':
        james.interim_available > 0 && james.interim_available < limit / 5 && james.expected < -limit * 0.8,
      'the balances that it says': anna.expected === -1204.17 && james.expected === -418.7,
    };
  },

  '10000-rows'(stage, line) {
    const { clock } = stage;
    const [years, count] = numbers(line, /(\w+) years, some ([\d,]+) transactions/);
    const today = clock.today();
    const begin = `${Number(today.slice(0, 4)) - years}${today.slice(4)}`.replace('-02-29', '-02-28');
    const rows = rowsOf(stage, 'acc_anna_current');
    return {
      alone: String(accountsOf(stage).map(({ id }) => id)) === 'acc_anna_current',
      'some 10,000': Math.abs(rows.length / count - 1) < 0.1,
      'two years': rows.at(-1).wire().transaction_date === begin,
      'up to today': rows[0].wire().transaction_date === today,
    };
  },

  'multi-currency'(stage, line) {
    const { data } = stage;
    const said = line.match(/\b[A-Z]{3}\b/g).toSorted();
    const [dinars, yen] = numbers(line, /BHD \((\w+) decimals\) and JPY \((\w+)\)/);
    const places = { BHD: dinars, JPY: yen };
    const accounts = accountsOf(stage);
    const amounts = ['acc_noor_bhd', 'acc_noor_jpy'].flatMap((id) => [
      ...data.balances(data.account(id)).map(({ balance_amount }) => balance_amount),
      ...rowsOf(stage, id)
        .slice(0, 5)
        .map((row) => row.wire().transaction_amount),
    ]);
    return {
      currencies: String([...new Set(accounts.map(({ currency }) => currency))].sort()) === String(said),
      'Noor’s': String(data.customers.map(({ username }) => username)) === 'noor',
      decimals: amounts.every(({ amount, currency }) => decimals(amount) === places[currency]),
    };
  },

  'consent-expiring'({ clock, consents }, line) {
    const [days] = numbers(line, /last (\w+) days/);
    const expiresAt = consents.nextExpiry();
    consents.add({ id: 'a', clientId: '', userId: '', accountIds: [], actions: [], expiresAt });
    const status = () => consents.list()[0].status;
    const shown = Date.parse(consents.shownExpiry(expiresAt)) - Date.now();
    clock.advance(days * DAY - 5000);
    const before = status();
    clock.advance(6000);
    return {
      'so many days': Math.abs(shown - days * DAY) < 5000,
      'seen to end': before === 'valid' && status() === 'expired',
    };
  },

  'bank-down'(stage) {
    const { faults } = stage;
    const accounts = accountsOf(stage);
    const answer = (path) => faults.take('GET', `${API_PATH}/accounts${path}`);
    const down = (path) => {
      const { status, body } = answer(path) ?? {};
      return status === 503 && body.error === 'provider_unavailable';
    };
    return {
      'accounts are listed': answer('') === undefined && accounts.length > 0,
      'balances and transactions are not': accounts.every(
        ({ id }) => down(`/${id}/balances`) && down(`/${id}/transactions`),
      ),
    };
  },

  'one-time-code': ({ scenarios }, line) => ({
    asked: scenarios.oneTimeCode,
    'this code': line.includes(ONE_TIME_CODE),
  }),

  'tight-limits'({ clock, limiter }, line) {
    const [calls, seconds] = numbers(line, /^(\w+) calls in (\w+) seconds/);
    const refused = () => !limiter.take('client').allowed;
    const first = Array.from({ length: calls }, refused);
    const sixth = refused();
    clock.advance(seconds * 1000 + 1);
    return { 'so many': !first.includes(true), 'no more': sixth, 'in so long': !refused() };
  },
};

/** A sandbox without its server, at a time. */
function stageAt(now) {
  const clock = new Clock(now);
  const stage = {
    clock,
    data: new BankData(clock, 'oakford'),
    consents: new ConsentRegister(clock),
    faults: new FaultScript(),
    limiter: new RateLimiter(clock),
  };
  const scenarios = new Scenarios(stage, { consentDays: 90, rateLimit: PUBLISHED_LIMITS });
  return { ...stage, scenarios };
}

/** Noon by the wall clock of this zone, on each day from the first to the last. */
function* noons([year, month, day], [lastYear, lastMonth, lastDay]) {
  const last = new Date(lastYear, lastMonth - 1, lastDay, 12);
  for (let next = day; ; next += 1) {
    const noon = new Date(year, month - 1, next, 12);
    if (noon > last) return;
    yield noon;
  }
}

const broken = [];
const seen = [];
const [from, to] = process.argv.slice(2).map((date) => date.split('-').map(Number));
for (const noon of noons(from, to)) {
  for (const { name, description } of BUILT_IN) {
    const stage = stageAt(noon);
    stage.scenarios.load(name);
    const claims = PROMISES[name]?.(stage, description) ?? { 'a promise that is checked': false };
    for (const [claim, kept] of Object.entries(claims))
      if (!kept) broken.push(`${name}: ${claim}, at ${noon.toISOString()}`);
  }
  seen.push([noon.getFullYear(), noon.getMonth() + 1, noon.getDate(), noon.getTimezoneOffset()].join(' '));
}
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
console.log(JSON.stringify({ timeZone, broken, seen }));
