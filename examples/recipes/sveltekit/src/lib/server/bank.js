// The client of the server, once for the process, and what its errors mean for a visitor.
import { env } from 'node:process';
import { AispError, createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';

let client;

/** The client. Sessions stay on the server; with several servers take redisStore. */
export function bank() {
  client ??= createClient({
    environment: env.OAKFORD_BASE_URL ? { baseUrl: env.OAKFORD_BASE_URL } : 'sandbox',
    clientId: env.OAKFORD_CLIENT_ID,
    clientSecret: env.OAKFORD_CLIENT_SECRET,
    redirectUri: `${env.ORIGIN}/callback`,
    tokenStore: fileStore({ directory: env.SESSIONS ?? '.sessions' }),
  });
  return client;
}

/** Runs a handler; a visitor can connect again, or try later. */
export async function answer(handler) {
  try {
    return await handler();
  } catch (error) {
    if (!(error instanceof AispError)) throw error;
    const again = error.reauthRequired || error.name === 'AuthorizationError';
    console.error(error.name, error.code, error.requestId);
    return again
      ? page(401, 'Please <a href="/">connect your bank again</a>.')
      : page(502, 'Please try again later.');
  }
}

/** A page of one sentence. */
export function page(status, html) {
  return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
