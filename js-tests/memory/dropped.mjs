/** Measures what clients, sessions and pages leave behind that were made and dropped: prints `[made, wasm, heap]` lines as JSON. */
import { watchWasm } from './wasm-memory.mjs';

const wasm = watchWasm();
const { createClient } = await import('@oakford/aisp');

const TOTAL = 100_000;
const REPORTED_AT = [10_000, 25_000, 50_000, 75_000, 100_000];
const issuer = 'http://127.0.0.1:9';
const stored = JSON.stringify({
  v: 1,
  clientId: 'test',
  issuer,
  accessToken: 'a'.repeat(800),
  refreshToken: 'r'.repeat(200),
  scope: 'accounts',
});
const tokenStore = { get: async () => ({ version: '1', value: stored }), compareAndSwap: async () => true };
const page = new TextEncoder().encode(
  JSON.stringify({ accounts: [{ account_id: 'a1', currency: 'EUR', account_type: 'current' }] }),
);
// An answer by its shape: what is measured is the SDK, not a server.
const fetch = async () => ({
  status: 200,
  headers: new Headers({ 'content-type': 'application/json' }),
  arrayBuffer: async () => page.slice().buffer,
});

for (let made = 1; made <= TOTAL; made++) {
  const client = await createClient({
    environment: { baseUrl: `${issuer}/aisp/v1`, issuer },
    clientId: 'test',
    redirectUri: 'http://127.0.0.1/callback',
    tokenStore,
    fetch,
  });
  const session = await client.session(`user-${made}`);
  const { items } = await session.accounts();
  if (items[0].accountId !== 'a1') throw new Error('Another account was read.');
  // The collector does not know how much wasm memory waits for it, so here it is called: the question is what it can't give back.
  if (made % 2000 === 0) globalThis.gc();
  // Finalizers run between tasks only, as they do in a server that waits for requests.
  if (made % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (REPORTED_AT.includes(made)) {
    for (let i = 0; i < 3; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    console.log(JSON.stringify([made, wasm.bytes(), process.memoryUsage().heapUsed]));
  }
}
