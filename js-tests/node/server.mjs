/** A small HTTP server of our own, for answers that the sandbox never gives. */
import { createServer } from 'node:http';
import { after } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { REDIRECT_URI } from './support.mjs';

/** Serves `answer(request, response)` on loopback until the tests of the file end; gives its origin. */
export async function serve(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Answers with JSON. */
export function json(response, value, headers = {}) {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A session for a server that has no authorization server: its token stands in the store already. */
export async function sessionAt(origin, options = {}) {
  const { tokenStore = memoryStore() } = options;
  const client = await createClient({
    environment: { baseUrl: `${origin}/aisp/v1`, issuer: origin },
    clientId: 'test',
    redirectUri: REDIRECT_URI,
    ...options,
    tokenStore,
  });
  await tokenStore.compareAndSwap(
    'session:default',
    null,
    JSON.stringify({
      v: 1,
      clientId: 'test',
      issuer: origin,
      accessToken: 'token-of-the-test',
      scope: 'accounts',
    }),
  );
  return client.session();
}
