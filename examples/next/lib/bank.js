// What the routes share: the client, and the place where sessions are kept.
import { AispError, createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { ORIGIN } from './visitor.js';

let client;

/** The client; made at the first request, since a build has no secrets. */
export function bank() {
  const { OAKFORD_BASE_URL, OAKFORD_CLIENT_ID, OAKFORD_CLIENT_SECRET, SESSIONS } = process.env;
  client ??= createClient({
    environment: OAKFORD_BASE_URL ? { baseUrl: OAKFORD_BASE_URL } : 'sandbox',
    clientId: OAKFORD_CLIENT_ID,
    clientSecret: OAKFORD_CLIENT_SECRET,
    redirectUri: `${ORIGIN}/callback`,
    // Sessions stay on the server, by the key that the cookie names; with several servers take redisStore.
    tokenStore: fileStore({ directory: SESSIONS ?? '.sessions' }),
  });
  return client;
}

/** Answers for what the bank or Oakford refused. */
export function refusal(error) {
  if (!(error instanceof AispError)) throw error;
  const again = error.reauthRequired || error.name === 'AuthorizationError';
  console.error(error.name, error.code, error.requestId);
  return again
    ? notice('Please <a href="/">connect your bank again</a>.', 401)
    : notice('Please try again later.', 502);
}

/** A page with one sentence. */
export function notice(html, status) {
  return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
