/** Sessions whose tokens stand in the store from the start, for servers without an authorization server. */
import { createClient, memoryStore } from '@oakford/aisp';
import { REDIRECT_URI } from './clients.mjs';
import { fakeFetch } from './fetch.mjs';

/** The origin of servers that are functions. */
export const FAKE_ORIGIN = 'https://bank.example';

let clientIds = 0;

/** Returns a client id that no other test of the process has, because clients of one id and server share a rate limit. */
export const newClientId = () => `test-${++clientIds}`;

/** Returns the text that a store holds for a session; `tokens` go over the tokens of the test. */
export function storedSession(issuer, tokens = {}) {
  const own = { clientId: 'test', issuer, accessToken: 'token-of-the-test', scope: 'accounts' };
  return JSON.stringify({ v: 1, ...own, ...tokens });
}

/** Creates a client for the server at `origin`, with a client id of its own, and its session. */
export async function sessionAt(origin, options = {}) {
  const { tokenStore = memoryStore(), clientId = newClientId() } = options;
  const client = await createClient({
    environment: { baseUrl: `${origin}/aisp/v1`, issuer: origin },
    redirectUri: REDIRECT_URI,
    ...options,
    clientId,
    tokenStore,
  });
  await tokenStore.compareAndSwap('session:default', null, storedSession(origin, { clientId }));
  return client.session();
}

/** Creates a session whose server is the function `answer`, as `fakeFetch` takes it; `calls` holds what was sent and when. */
export async function sessionWith(answer, options = {}) {
  const { fetch, calls } = fakeFetch(answer);
  return { session: await sessionAt(FAKE_ORIGIN, { fetch, ...options }), calls };
}
