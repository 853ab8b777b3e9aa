/** Two tabs of one origin in Chromium, over IndexedDB: one refresh among them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { publicOptions } from '../support/clients.mjs';
import { openTabs } from '../support/page.mjs';
import { refreshes, sandboxForFile } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const tabs = await openTabs();
const options = publicOptions(sandbox, { redirectUri: `${tabs.address}callback` });

/** A tab with a client; `locks` false: as in a browser without Web Locks. */
async function tabWithClient(name, locks) {
  const page = await tabs.tab();
  await page.evaluate(
    async ([options, name, locks]) => {
      if (!locks) Object.defineProperty(navigator, 'locks', { value: undefined });
      const { createClient, indexedDbStore } = await import('@oakford/aisp');
      globalThis.client = await createClient({ ...options, tokenStore: indexedDbStore({ name }) });
    },
    [options, name, locks],
  );
  return page;
}

for (const locks of [true, false]) {
  test(`single-refresh: two tabs ${locks ? 'with Web Locks' : 'without Web Locks, by leases,'} lead to one refresh`, async () => {
    const name = `tabs-${locks}`;
    const [first, second] = [await tabWithClient(name, locks), await tabWithClient(name, locks)];
    const { url, pending } = await first.evaluate(() => globalThis.client.beginAuthorization());
    const callback = await approve(url, { user: 'anna' });
    await first.evaluate(
      ([callback, pending]) => globalThis.client.completeAuthorization(callback, pending).then(() => {}),
      [callback, pending],
    );
    for (const tab of [first, second]) {
      await tab.evaluate(async () => {
        globalThis.session = await globalThis.client.session();
      });
    }
    sandbox.clock.advance(2 * HOUR_MS);
    sandbox.requests.clear();
    const counts = await Promise.all(
      [first, second].map((tab) =>
        tab.evaluate(async () => {
          const pages = await Promise.all(Array.from({ length: 10 }, () => globalThis.session.accounts()));
          return pages.map(({ items }) => items.length);
        }),
      ),
    );
    assert.deepEqual(new Set(counts.flat()), new Set([3]));
    assert.equal(refreshes(sandbox), 1);
  });
}
