/** The IndexedDB store, in Chromium: its promises, its survival of a reload, its marks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTabs } from '../support/page.mjs';

const tabs = await openTabs();

test('the IndexedDB store keeps every promise', async () => {
  const page = await tabs.tab();
  await page.evaluate(async () => {
    const { indexedDbStore } = await import('@oakford/aisp');
    const { checkTokenStore } = await import('@oakford/aisp/testing');
    await checkTokenStore(() => indexedDbStore());
  });
});

test('so it does without Web Locks, and encrypted with a key that can not be extracted', async () => {
  const page = await tabs.tab();
  const hasLock = await page.evaluate(async () => {
    const { encryptedStore, indexedDbStore } = await import('@oakford/aisp');
    const { checkTokenStore } = await import('@oakford/aisp/testing');
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    await checkTokenStore(() => encryptedStore(indexedDbStore({ name: 'encrypted' }), key));
    Object.defineProperty(navigator, 'locks', { value: undefined });
    await checkTokenStore(() => indexedDbStore({ name: 'lockless' }));
    return 'withLock' in indexedDbStore();
  });
  assert.equal(hasLock, false);
});

test('checkRateLimitStore: the IndexedDB store passes, plain and encrypted', async () => {
  const page = await tabs.tab();
  await page.evaluate(async () => {
    const { encryptedStore, indexedDbStore } = await import('@oakford/aisp');
    const { checkRateLimitStore } = await import('@oakford/aisp/testing');
    await checkRateLimitStore(() => indexedDbStore());
    const usages = ['encrypt', 'decrypt'];
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, usages);
    await checkRateLimitStore(() => encryptedStore(indexedDbStore(), key));
  });
});

test('what is kept survives a reload, and other tabs of the origin see it', async () => {
  const [page, other] = [await tabs.tab(), await tabs.tab()];
  await page.evaluate(async () => {
    const { indexedDbStore } = await import('@oakford/aisp');
    await indexedDbStore().compareAndSwap('session:kept', null, 'value');
  });
  await page.reload();
  for (const tab of [page, other]) {
    const value = await tab.evaluate(async () => {
      const { indexedDbStore } = await import('@oakford/aisp');
      return (await indexedDbStore().get('session:kept')).value;
    });
    assert.equal(value, 'value');
  }
});

test('marks of completed authorizations do not pile up', async () => {
  const page = await tabs.tab();
  const left = await page.evaluate(async () => {
    const { indexedDbStore } = await import('@oakford/aisp');
    const store = indexedDbStore({ name: 'marks' });
    for (let i = 0; i < 5; i++) await store.compareAndSwap(`used:${i}`, null, String(Date.now() - 1));
    await store.compareAndSwap('used:live', null, String(Date.now() + 60_000));
    const found = await Promise.all(
      ['used:0', 'used:4', 'used:live'].map(async (key) => (await store.get(key)) !== null),
    );
    return found;
  });
  assert.deepEqual(left, [false, false, true]);
});
