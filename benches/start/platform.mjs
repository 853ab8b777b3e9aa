// The authorization URL by the platform alone: crypto.subtle and URLSearchParams.

import { clientId, metadata, redirectUri, scope } from './provider.mjs';

const token = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

/** A function that makes authorization URLs. */
export async function prepare() {
  return async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token()));
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state: token(),
      nonce: token(),
      code_challenge: Buffer.from(digest).toString('base64url'),
      code_challenge_method: 'S256',
    });
    return `${metadata.authorization_endpoint}?${query}`;
  };
}
