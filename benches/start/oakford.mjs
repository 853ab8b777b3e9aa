// The authorization URL as this SDK makes it. Its metadata come from a `fetch` that has them already.

import { clientId, issuer, metadata, redirectUri, scope } from './provider.mjs';

const body = JSON.stringify(metadata);
const headers = { get: (name) => (name === 'content-type' ? 'application/json' : null) };
const fetch = async () => ({
  status: 200,
  headers,
  arrayBuffer: async () => new TextEncoder().encode(body).buffer,
});

/** A function that makes authorization URLs. */
export async function prepare() {
  const { createClient } = await import('@oakford/aisp');
  const client = await createClient({
    environment: { baseUrl: `${issuer}/aisp/v1`, issuer },
    clientId,
    redirectUri,
    scope: scope.split(' '),
    fetch,
  });
  return async () => (await client.beginAuthorization()).url;
}
