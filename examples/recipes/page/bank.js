// The customer's bank as a store that any framework can watch: one client for the page, one completion for each callback.
import { createClient, indexedDbStore, pendingStore } from '@oakford/aisp';

/**
 * Makes the store. `options` are those of `createClient`. Its state is `{ status, accounts, error }`, with the status `loading`,
 * `disconnected`, `completing`, `connected` or `failed`; each change makes a new object.
 */
export function createBank(options) {
  const listeners = new Set();
  const pendings = pendingStore();
  const tabs = new BroadcastChannel('bank');
  let state = { status: 'loading', accounts: [], error: null };
  let client;
  let started = false;

  const set = (change) => {
    state = { ...state, error: null, ...change };
    for (const listener of listeners) listener();
  };
  const clientOf = () => {
    client ??= createClient({ tokenStore: indexedDbStore(), ...options });
    return client;
  };
  /** Runs one step of the way to the accounts; what fails is shown. */
  const attempt = (work) => work().catch((error) => set({ status: 'failed', accounts: [], error }));

  async function open() {
    const session = await (await clientOf()).session();
    if (session === null) return set({ status: 'disconnected', accounts: [] });
    set({ status: 'connected', accounts: await session.accounts().all({ limit: 100 }) });
  }

  /** Completes what this tab or another one began. */
  async function complete(callbackUrl) {
    set({ status: 'completing' });
    const pending = await pendings.take(callbackUrl);
    if (pending === null) throw new Error('This connection began in another browser, or took too long.');
    await (await clientOf()).completeAuthorization(callbackUrl, pending);
    tabs.postMessage('changed');
    await open();
  }

  /** Begins once, however often components are mounted: a callback can be completed once. */
  function start() {
    if (started) return;
    started = true;
    tabs.onmessage = () => attempt(open);
    const { href, pathname, search } = location;
    const isCallback = /[?&]state=/.test(search);
    // The code leaves the address bar before anything else happens.
    if (isCallback) history.replaceState(null, '', pathname.replace(/callback$/, ''));
    attempt(() => (isCallback ? complete(href) : open()));
  }

  return {
    getState: () => state,
    /** Calls `listener` after each change; returns how to end that. */
    subscribe(listener) {
      listeners.add(listener);
      start();
      return () => listeners.delete(listener);
    },
    connect: () =>
      attempt(async () => {
        const { url, pending } = await (await clientOf()).beginAuthorization();
        // The customer may come back in another tab.
        await pendings.save(pending);
        location.assign(url);
      }),
    disconnect: () =>
      attempt(async () => {
        await (await (await clientOf()).session())?.revoke();
        tabs.postMessage('changed');
        await open();
      }),
  };
}
