/** `pendingStore` in tabs of Chromium: an authorization that begins in one tab completes in another, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve, deny } from '@oakford/aisp-sandbox/testing';
import { openTabs } from '../support/page.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const MINUTE_MS = 60_000;

const sandbox = await sandboxForFile();
const tabs = await openTabs();

/** Opens a tab with a client and a store; `dpop` as the client's option. */
async function openTab({ dpop = false, page } = {}) {
  const tab = page ?? (await tabs.tab());
  await tab.evaluate(
    async ([options, dpop]) => {
      const { createClient, indexedDbStore, pendingStore } = await import('@oakford/aisp');
      globalThis.client = await createClient({ ...options, dpop, tokenStore: indexedDbStore() });
      globalThis.pendings = pendingStore();
    },
    [
      {
        environment: { baseUrl: sandbox.baseUrl },
        clientId: sandbox.clients.web.clientId,
        redirectUri: `${tabs.address}callback`,
      },
      dpop,
    ],
  );
  return tab;
}

/** Begins in the tab and keeps `pending` beside members of the application. */
const begin = (tab, members = {}, options = {}) =>
  tab.evaluate(
    async ([members, options]) => {
      const begun = await globalThis.client.beginAuthorization(options);
      await globalThis.pendings.save({ ...begun.pending, ...members });
      return begun;
    },
    [members, options],
  );

/** The callback URL of a customer who approves. */
const callbackFor = ({ url }, user = 'anna') => approve(url, { user });

/** Completes in the tab; returns the accounts' ids, or the code of the error, or null if nothing was found. */
const complete = (tab, callbackUrl) =>
  tab.evaluate(async (callbackUrl) => {
    const begun = await globalThis.pendings.take(callbackUrl);
    if (begun === null) return null;
    const { key = 'default' } = begun;
    try {
      const session = await globalThis.client.completeAuthorization(callbackUrl, begun, { key });
      return (await session.accounts()).items.map(({ accountId }) => accountId);
    } catch ({ code }) {
      return code;
    }
  }, callbackUrl);

const take = (tab, callbackUrl) => tab.evaluate((url) => globalThis.pendings.take(url), callbackUrl);

/** How many entries the database holds. */
const count = (tab) =>
  tab.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('oakford-aisp-pending');
        opening.onsuccess = () => {
          const database = opening.result;
          const counting = database.transaction('pending').objectStore('pending').count();
          counting.onsuccess = () => {
            database.close();
            resolve(counting.result);
          };
        };
      }),
  );

/** Stops the tab's clock at `now`, in milliseconds since the epoch. */
const stopClock = (tab, now) =>
  tab.evaluate((now) => {
    Date.now = () => now;
  }, now);

const ANNA = ['acc_anna_current', 'acc_anna_savings', 'acc_anna_pln'];
const JAMES = ['acc_james_current', 'acc_james_card', 'acc_james_mortgage'];
const anyCallback = ({ pending }) => `${tabs.address}callback?code=c&state=${pending.state}`;

for (const dpop of [false, true]) {
  for (const closed of [false, true]) {
    const first = closed ? 'closed' : 'still open';
    test(`pending store: a second tab completes when the first is ${first}, dpop: ${dpop}`, async () => {
      const tab = await openTab({ dpop });
      const callbackUrl = await callbackFor(await begin(tab));
      if (closed) await tab.close();
      const second = await openTab({ dpop });
      assert.deepEqual(await complete(second, callbackUrl), ANNA);
      assert.equal(await count(second), 0);
    });
  }
}

test('pending store: the callback of a customer who denies finds its pending authorization', async () => {
  const callbackUrl = await deny((await begin(await openTab())).url);
  assert.equal(await complete(await openTab(), callbackUrl), 'access_denied');
});

test('pending store: a second take finds nothing, in any tab', async () => {
  const [first, second] = [await openTab(), await openTab()];
  const callbackUrl = await callbackFor(await begin(first));
  assert.notEqual(await take(second, callbackUrl), null);
  for (const tab of [first, second]) assert.equal(await take(tab, callbackUrl), null);
});

test('pending store: one of the tabs that take at the same time gets it', async () => {
  const all = [await openTab(), await openTab(), await openTab()];
  for (let round = 0; round < 20; round++) {
    const begun = await begin(all[round % all.length]);
    const taken = await Promise.all([...all, ...all].map((tab) => take(tab, anyCallback(begun))));
    assert.deepEqual(
      taken.filter((found) => found !== null),
      [begun.pending],
    );
  }
});

test('pending store: two authorizations at the same time do not mix when their callbacks cross', async () => {
  const [first, second] = [await openTab({ dpop: true }), await openTab({ dpop: true })];
  const [forAnna, forJames] = await Promise.all([
    begin(first, { key: 'anna' }),
    begin(second, { key: 'james' }),
  ]);
  const callbacks = [await callbackFor(forJames, 'james'), await callbackFor(forAnna)];
  const accounts = await Promise.all([complete(first, callbacks[0]), complete(second, callbacks[1])]);
  assert.deepEqual(accounts, [JAMES, ANNA]);
  const found = await first.evaluate(async () => {
    const session = await globalThis.client.session('anna');
    return (await session.accounts()).items.map(({ accountId }) => accountId);
  });
  assert.deepEqual(found, ANNA);
});

test('own-transaction: the pending store finds nothing in another browser, or for a state that nobody began with', async () => {
  const tab = await openTab();
  const callbackUrl = await callbackFor(await begin(tab));
  const context = await tab.context().browser().newContext();
  const page = await context.newPage();
  await page.goto(tabs.address);
  const stranger = await openTab({ page });
  assert.equal(await complete(stranger, callbackUrl), null);
  await context.close();
  const { state, ...rest } = Object.fromEntries(new URL(callbackUrl).searchParams);
  for (const parameters of [{ ...rest, state: 'forged' }, rest, {}]) {
    assert.equal(await take(tab, `${tabs.address}callback?${new URLSearchParams(parameters)}`), null);
  }
  assert.equal(await take(tab, `${tabs.address}callback?code=c#state=${state}`), null);
  assert.deepEqual(await complete(tab, callbackUrl), ANNA);
});

test('pending store: an entry is returned until its expiresAt, whichever tab takes it', async () => {
  const [tab, other] = [await openTab(), await openTab()];
  for (const options of [{}, { pendingLifetimeMs: 30 * MINUTE_MS }]) {
    const [inTime, late] = [await begin(tab, {}, options), await begin(tab, {}, options)];
    await stopClock(other, Date.parse(inTime.pending.expiresAt) - 1);
    assert.deepEqual(await take(other, anyCallback(inTime)), inTime.pending);
    await stopClock(other, Date.parse(late.pending.expiresAt));
    assert.equal(await take(other, anyCallback(late)), null);
  }
});

test('pending store: save and take delete every entry that expired, and no other', async () => {
  const [tab, later] = [await openTab(), await openTab()];
  const sweeps = [() => begin(later), () => take(later, `${tabs.address}callback?state=unknown`)];
  for (const [index, sweep] of sweeps.entries()) {
    await stopClock(tab, Date.now());
    await stopClock(later, Date.now() + 2 * MINUTE_MS);
    const before = await count(tab);
    const long = await begin(tab);
    for (let i = 0; i < 3; i++) await begin(tab, {}, { pendingLifetimeMs: MINUTE_MS });
    assert.equal(await count(tab), before + 4);
    await sweep();
    const saved = index === 0 ? 1 : 0;
    assert.equal(await count(tab), before + 1 + saved);
    assert.deepEqual(await take(tab, anyCallback(long)), long.pending);
  }
});

test('pending store: members of the application come back, also when pending is a proxy', async () => {
  const tab = await openTab();
  const found = await tab.evaluate(async () => {
    const { pending } = await globalThis.client.beginAuthorization();
    await globalThis.pendings.save(new Proxy({ ...pending, key: 'user-42', nested: { path: '/a' } }, {}));
    const url = new URL(`/callback?code=c&state=${pending.state}`, location.href);
    const { key, nested, ...rest } = await globalThis.pendings.take(url);
    return { key, nested, same: JSON.stringify(rest) === JSON.stringify(pending) };
  });
  assert.deepEqual(found, { key: 'user-42', nested: { path: '/a' }, same: true });
});

test('pending store: a wrong argument is refused by name', async () => {
  const tab = await openTab();
  const paths = await tab.evaluate(async () => {
    const path = (work) =>
      work.then(
        () => 'accepted',
        ({ code, path }) => `${code} ${path}`,
      );
    const begun = await globalThis.client.beginAuthorization();
    return [
      await path(globalThis.pendings.save(begun)),
      await path(globalThis.pendings.save()),
      await path(globalThis.pendings.save({ ...begun.pending, state: '' })),
      await path(globalThis.pendings.take()),
      await path(globalThis.pendings.take({ href: 7 })),
    ];
  });
  assert.deepEqual(paths, [
    ...Array(3).fill('invalid_option pending.state'),
    ...Array(2).fill('invalid_option callbackUrl'),
  ]);
});

test('pending store: an IndexedDB that is missing or refused is a typed error with its cause', async () => {
  const tab = await openTab();
  const errors = await tab.evaluate(async () => {
    const { pending } = await globalThis.client.beginAuthorization();
    const failure = (work) =>
      work.then(
        () => 'accepted',
        ({ name, code, message, stack, cause }) => ({ name, code, message, stack, cause: cause.name }),
      );
    const callOfTheApplication = async () => [
      await failure(globalThis.pendings.save(pending)),
      await failure(globalThis.pendings.take(`?state=${pending.state}`)),
    ];
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'indexedDB', { value: { open: refuse }, configurable: true });
    const refused = await callOfTheApplication();
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    return { refused, missing: await callOfTheApplication(), state: pending.state };
  });
  for (const [kind, cause] of [
    ['refused', 'SecurityError'],
    ['missing', 'TypeError'],
  ]) {
    for (const error of errors[kind]) {
      assert.deepEqual(
        [error.name, error.code, error.cause],
        ['ConfigurationError', 'pending_store_failed', cause],
      );
      assert.match(error.message, /IndexedDB/);
      assert.match(error.stack, /callOfTheApplication/);
      assert.ok(!error.message.includes(errors.state));
    }
  }
});
