/** A page in Chromium whose network goes away: what is sent, and whether a refresh or a code survives it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { publicOptions } from '../support/clients.mjs';
import { openTabs } from '../support/page.mjs';
import { refreshes, sandboxForFile, tokenRequests } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const tabs = await openTabs();
const options = publicOptions(sandbox, { redirectUri: `${tabs.address}callback` });

/** A tab with a client, and an authorization whose customer consented. */
async function begun(scope) {
  const page = await tabs.tab();
  const { url, pending } = await page.evaluate(
    async (options) => {
      const { createClient } = await import('@oakford/aisp');
      globalThis.client = await createClient({
        ...options,
        fetch: (url, init) => {
          globalThis.fetched = (globalThis.fetched ?? 0) + 1;
          return fetch(url, init);
        },
      });
      globalThis.factsOf = async (call) => {
        const before = globalThis.fetched;
        const error = await call().catch((error) => error);
        const { name, code, requestSent, retryable, reauthRequired } = error;
        return { name, code, requestSent, retryable, reauthRequired, fetched: globalThis.fetched - before };
      };
      return globalThis.client.beginAuthorization();
    },
    { ...options, scope },
  );
  const callbackUrl = await approve(url, { user: 'anna' });
  return { page, complete: { callbackUrl, pending } };
}

const connect = (page, complete) =>
  page.evaluate(async ({ callbackUrl, pending }) => {
    globalThis.session = await globalThis.client.completeAuthorization(callbackUrl, pending);
    return (await globalThis.session.accounts()).items.length;
  }, complete);

const OFFLINE = {
  name: 'NetworkError',
  code: 'offline',
  requestSent: 'no',
  retryable: true,
  reauthRequired: false,
  fetched: 0,
};

test('not-sent: refresh: fetch is not called while the browser is offline, and the session goes on', async () => {
  const { page, complete } = await begun();
  assert.equal(await connect(page, complete), 3);
  sandbox.clock.advance(2 * HOUR_MS);
  sandbox.requests.clear();
  await page.context().setOffline(true);
  const facts = await page.evaluate(() => globalThis.factsOf(() => globalThis.session.refresh()));
  assert.deepEqual(facts, OFFLINE);
  await page.context().setOffline(false);
  assert.equal(await page.evaluate(async () => (await globalThis.session.accounts()).items.length), 3);
  assert.equal(refreshes(sandbox), 1);
});

test('not-sent: code: the same callback completes when the browser is online again', async () => {
  // Without openid, whose code is loaded when it is first needed.
  const { page, complete } = await begun(['accounts', 'offline_access']);
  sandbox.requests.clear();
  await page.context().setOffline(true);
  const facts = await page.evaluate(
    ({ callbackUrl, pending }) =>
      globalThis.factsOf(() => globalThis.client.completeAuthorization(callbackUrl, pending)),
    complete,
  );
  assert.deepEqual(facts, OFFLINE);
  assert.equal(tokenRequests(sandbox), 0);
  await page.context().setOffline(false);
  assert.equal(await connect(page, complete), 3);
});

test('not-sent: refresh: a network failure after fetch was called leaves the outcome unknown', async () => {
  const { page, complete } = await begun();
  await connect(page, complete);
  sandbox.clock.advance(2 * HOUR_MS);
  sandbox.faults.add({ match: { path: '/oauth/token' }, fault: 'reset_before', times: null });
  const facts = await page.evaluate(() => globalThis.factsOf(() => globalThis.session.refresh()));
  sandbox.faults.clear();
  assert.equal(facts.code, 'refresh_outcome_unknown');
  assert.deepEqual([facts.requestSent, facts.retryable, facts.reauthRequired], ['unknown', true, false]);
});
