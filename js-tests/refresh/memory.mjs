/** Measures what 8,000 sessions leave in memory: prints `{ wasm, heap }`, bytes by the number of sessions, as JSON. */
import { createServer } from 'node:http';
import { watchWasm } from '../memory/wasm-memory.mjs';

const memory = watchWasm();
const { createClient } = await import('@oakford/aisp');

/** The stored sessions are made as they are asked for, so that what is measured is the SDK's own. */
const tokenStore = (issuer) => ({
  async get(key) {
    const user = key.slice('session:'.length);
    const tokens = { accessToken: `${user}-${'a'.repeat(800)}`, refreshToken: `${user}-${'r'.repeat(200)}` };
    return {
      version: '1',
      value: JSON.stringify({ v: 1, clientId: 'test', issuer, ...tokens, scope: 'accounts' }),
    };
  },
  compareAndSwap: async () => true,
});

const server = createServer((request, response) => {
  const user = request.headers.authorization.slice('Bearer '.length).split('-')[0];
  const account = { account_id: user, currency: 'EUR', account_type: 'current' };
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ accounts: [account] }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = await createClient({
  environment: { baseUrl: `${issuer}/aisp/v1`, issuer },
  clientId: 'test',
  redirectUri: 'http://127.0.0.1/callback',
  tokenStore: tokenStore(issuer),
});

const measured = { wasm: {}, heap: {} };
for (let user = 1; user <= 8000; user++) {
  const session = await client.session(`u${user}`);
  const { items } = await session.accounts();
  if (items[0].accountId !== `u${user}`) throw new Error(`u${user} got the account of ${items[0].accountId}`);
  if ([1, 100, 3000, 8000].includes(user)) {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      globalThis.gc();
    }
    measured.wasm[user] = memory.bytes();
    measured.heap[user] = process.memoryUsage().heapUsed;
  }
}
console.log(JSON.stringify(measured));
server.closeAllConnections();
server.close();
