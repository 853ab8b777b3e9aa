/** Connections to IndexedDB that the browser closed without an event, or did not open: in Chromium, over all that the package keeps there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { publicOptions } from '../support/clients.mjs';
import { openTabs } from '../support/page.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();
const tabs = await openTabs();
const options = publicOptions(sandbox, { redirectUri: `${tabs.address}callback` });

/**
 * Makes the next `times` connections to the database fail. `closing`: the connection is closed when it is handed over, and no event
 * says so. `failing`: the browser answers `open` with an error. `silent`: it does not answer. Runs in the page.
 */
function breakOpen([database, fault, times]) {
  const { open } = IDBFactory.prototype;
  let left = times;
  globalThis.opened = 0;
  IDBFactory.prototype.open = function (name, version) {
    if (name !== database) return open.call(this, name, version);
    globalThis.opened++;
    if (left-- <= 0) return open.call(this, name, version);
    if (fault === 'silent') return {};
    if (fault === 'failing') return open.call(this, 'newer', 1);
    const request = open.call(this, name, version);
    request.addEventListener('success', () => request.result.close());
    return request;
  };
}

async function tabWith(...fault) {
  const page = await tabs.tab();
  await page.evaluate(async () => {
    await new Promise((resolve, reject) => {
      // So that an open with version 1 fails.
      const request = indexedDB.open('newer', 2);
      request.onerror = reject;
      request.onsuccess = () => resolve(request.result.close());
    });
  });
  if (fault.length > 0) await page.evaluate(breakOpen, fault);
  return page;
}

const readAndWrite = async (name) => {
  const { indexedDbStore } = await import('@oakford/aisp');
  const store = indexedDbStore({ name });
  try {
    const before = await store.get('session:a');
    const swapped = await store.compareAndSwap('session:a', before?.version ?? null, 'value');
    return { swapped, value: (await store.get('session:a')).value, opened: globalThis.opened };
  } catch (error) {
    globalThis.store = store;
    return { error: error.name, opened: globalThis.opened };
  }
};

for (const fault of ['closing', 'failing']) {
  test(`indexedDbStore: a connection is opened again when it is ${fault}`, async () => {
    const name = `once-${fault}`;
    const page = await tabWith(name, fault, 1);
    assert.deepEqual(await page.evaluate(readAndWrite, name), { swapped: true, value: 'value', opened: 2 });
  });

  test(`indexedDbStore: it is opened again once per call when every connection is ${fault}`, async () => {
    const name = `always-${fault}`;
    const page = await tabWith(name, fault, 2);
    const error = fault === 'closing' ? 'InvalidStateError' : 'VersionError';
    assert.deepEqual(await page.evaluate(readAndWrite, name), { error, opened: 2 });
    assert.equal(
      await page.evaluate(() => globalThis.store.get('session:a')),
      null,
      'the next call tries again',
    );
  });
}

test('indexedDbStore: a write goes on over a new connection when the one in use was closed without an event', async () => {
  const page = await tabWith();
  const values = await page.evaluate(async () => {
    const { open } = IDBFactory.prototype;
    const connections = [];
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given);
      request.addEventListener('success', () => connections.push(request.result));
      return request;
    };
    const { indexedDbStore } = await import('@oakford/aisp');
    const store = indexedDbStore({ name: 'in-use' });
    await store.compareAndSwap('session:a', null, 'first');
    const { version } = await store.get('session:a');
    for (const connection of connections) connection.close();
    const swapped = await store.compareAndSwap('session:a', version, 'second');
    for (const connection of connections) connection.close();
    return [swapped, (await store.get('session:a')).value, connections.length];
  });
  assert.deepEqual(values, [true, 'second', 3]);
});

test('indexedDbStore: an open that is never answered is given up and made again', async () => {
  const page = await tabs.tab();
  await page.clock.install();
  await page.evaluate(breakOpen, ['silent', 'silent', 1]);
  const reading = page.evaluate(readAndWrite, 'silent');
  await page.waitForFunction(() => globalThis.opened === 1);
  await page.clock.runFor(5_000);
  assert.deepEqual(await reading, { swapped: true, value: 'value', opened: 2 });
});

test('the DPoP key is found again when the connection to its database is closing', async () => {
  const begin = async (options) => {
    const { createClient } = await import('@oakford/aisp');
    const client = await createClient({ ...options, dpop: true });
    return { ...(await client.beginAuthorization()).pending, opened: globalThis.opened };
  };
  const first = await (await tabWith()).evaluate(begin, options);
  assert.match(first.dpopThumbprint, /^[\w-]{43}$/);
  const second = await (await tabWith('oakford-aisp-dpop', 'closing', 1)).evaluate(begin, options);
  assert.deepEqual([second.dpopThumbprint, second.opened], [first.dpopThumbprint, 2]);
});

test('pendingStore: an authorization is kept and taken when the connections to its database are closing', async () => {
  const kept = await (await tabWith('oakford-aisp-pending', 'closing', 1)).evaluate(async (options) => {
    const { createClient, pendingStore } = await import('@oakford/aisp');
    const { pending } = await (await createClient(options)).beginAuthorization();
    await pendingStore().save(pending);
    return { pending, opened: globalThis.opened };
  }, options);
  const found = await (await tabWith('oakford-aisp-pending', 'closing', 1)).evaluate(async (state) => {
    const { pendingStore } = await import('@oakford/aisp');
    const pending = await pendingStore().take(`?state=${state}`);
    return { pending, opened: globalThis.opened };
  }, kept.pending.state);
  assert.deepEqual(found, kept);
  assert.equal(found.opened, 2);
});

test('the limit that tabs share counts a call when the connection to its database is closing', async () => {
  const page = await tabWith('oakford-aisp-limits', 'closing', 1);
  const { url, pending } = await page.evaluate(async (options) => {
    const { createClient } = await import('@oakford/aisp');
    globalThis.client = await createClient({ ...options, rateLimit: { perMinute: 100 } });
    return globalThis.client.beginAuthorization();
  }, options);
  const callback = await approve(url, { user: 'anna' });
  const counted = await page.evaluate(
    async ([callback, pending]) => {
      const session = await globalThis.client.completeAuthorization(callback, pending);
      await session.accounts();
      const opening = indexedDB.open('oakford-aisp-limits', 1);
      await new Promise((resolve) => {
        opening.onsuccess = resolve;
      });
      const reading = opening.result.transaction('ledgers').objectStore('ledgers').getAll();
      await new Promise((resolve) => {
        reading.onsuccess = resolve;
      });
      return reading.result.flat().length;
    },
    [callback, pending],
  );
  assert.equal(counted, 1);
});
