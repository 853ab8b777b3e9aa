/** Clients and sessions behind proxies, as frameworks put them into their state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { reactive, readonly, shallowReactive } from '@vue/reactivity';
import { freeze, produce } from 'immer';
import { clientOf } from '../support/clients.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();

/** A proxy that wraps every object that is read through it, without any exception for classes. */
function wrapped(target) {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value = Reflect.get(object, name, receiver);
      const { configurable = true } = Reflect.getOwnPropertyDescriptor(object, name) ?? {};
      return configurable && typeof value === 'object' && value !== null ? wrapped(value) : value;
    },
  });
}

const WAYS = {
  'a Proxy': (object) => wrapped(object),
  "Vue's reactive": (object) => reactive({ object }).object,
  "Vue's readonly": (object) => readonly({ object }).object,
  "Vue's shallowReactive": (object) => shallowReactive(object),
  'a draft of Immer': (object) => {
    let inDraft;
    const { kept } = produce({ kept: null }, (draft) => {
      draft.kept = object;
      inDraft = draft.kept;
    });
    assert.equal(inDraft, kept);
    return kept;
  },
  'a deep freeze': (object) => {
    Object.freeze(object);
    return freeze({ object }, true).object;
  },
};

for (const [name, wrap] of Object.entries(WAYS)) {
  test(`${name}: a client and its session, lists and results work behind it`, async () => {
    const client = wrap(await clientOf(sandbox));
    const { url, pending } = await client.beginAuthorization();
    const session = wrap(
      await client.completeAuthorization(await approve(url, { user: 'anna' }), wrap(pending)),
    );
    assert.equal(session.key, 'default');
    assert.deepEqual([...session.scope], ['openid', 'accounts', 'offline_access']);
    assert.match(session.expiresAt, /^\d{4}-/);
    assert.equal(JSON.parse(JSON.stringify(session)).key, 'default');

    const list = wrap(session.accounts());
    assert.equal((await list).items.length, 3);
    assert.equal((await list.withResponse()).status, 200);
    assert.equal((await list.all({ limit: 2 })).length, 2);
    const ids = [];
    for await (const { accountId } of list) ids.push(accountId);
    for await (const page of list.pages()) assert.equal(page.items.length, 3);
    assert.equal((await wrap(session.account(ids[0]))).accountId, ids[0]);
    assert.equal((await session.balances(ids[0])).items.length, 4);
    assert.equal((await session.transactions(ids[0], wrap({ limit: 5 }))).items.length, 5);
    assert.ok((await session.sync(ids[0])).checkpoint);
    assert.equal((await session.userInfo()).sub, 'anna');
    assert.equal(session.consent.daysLeft, 89);
    await session.refresh();
    assert.equal(wrap(await client.session()).key, 'default');
    assert.equal(client.rateLimit.state().queued, 0);
    assert.equal(client.rateLimit.estimate(1), 0);
    assert.equal(client.debugBundle().options.clientId, sandbox.clients.server.clientId);
    assert.match(session.logoutUrl(), /^http/);
    await session.revoke();
    assert.equal(await client.session(), null);
  });
}

test('options behind a reactive proxy are read as plain data', async () => {
  const client = await clientOf(
    sandbox,
    reactive({ scope: ['openid', 'accounts'], environment: { baseUrl: sandbox.baseUrl } }),
  );
  assert.deepEqual(client.debugBundle().options.scope, ['openid', 'accounts']);
});

test('a client and a session show nothing but their documented members', async () => {
  const client = await clientOf(sandbox);
  assert.deepEqual(Object.keys(client), ['rateLimit']);
  assert.deepEqual(Object.getOwnPropertySymbols({ ...client }), []);
});
