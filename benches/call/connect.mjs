// Starts the server, and a session of the built package that needs no authorization: its token is in the store already.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createClient, memoryStore } from '@oakford/aisp';

/** The server's origin, and what ends it. */
export async function startServer() {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)));
  const origin = await new Promise((resolve) => child.once('message', resolve));
  return { origin, close: () => child.kill() };
}

/** A session at the server. */
export async function sessionAt(origin, options = {}) {
  const tokenStore = memoryStore();
  const client = await createClient({
    environment: { baseUrl: `${origin}/aisp/v1`, issuer: origin },
    clientId: 'bench',
    redirectUri: 'http://127.0.0.1:9/callback',
    tokenStore,
    rateLimit: false,
    ...options,
  });
  const tokens = {
    v: 1,
    clientId: 'bench',
    issuer: origin,
    accessToken: 'token-of-the-bench',
    scope: 'accounts',
  };
  await tokenStore.compareAndSwap('session:default', null, JSON.stringify(tokens));
  return client.session();
}
