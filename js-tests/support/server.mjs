/** Small HTTP servers for answers that the sandbox never gives. */
import { createServer } from 'node:http';
import { after } from 'node:test';

/** One account, as the API sends it. */
export const account = {
  account_id: 'a',
  currency: 'EUR',
  account_type: 'current',
  provider: { provider_id: 'p' },
};

/** Serves `answer(request, response)` on loopback until the tests of the file end; returns its origin. */
export async function serve(answer) {
  return `http://${await listen(createServer(answer))}`;
}

/** Lets a server listen on a free port of loopback until the tests of the file end; returns its host and port. */
export async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${server.address().port}`;
}

/** Answers with JSON; a string is sent as it is. */
export function json(response, value, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
  return true;
}

/**
 * Answers the n-th request with `answers[n]`, a function of the response or a status, and every further one with the account.
 * `at` holds when each request arrived.
 */
export async function scripted(...answers) {
  const at = [];
  const origin = await serve((request, response) => {
    const answer = answers[at.length];
    at.push(performance.now());
    if (typeof answer === 'function') return answer(response, request);
    return answer === undefined ? json(response, account) : json(response, { error: 'asked_for' }, answer);
  });
  return { origin, at };
}
