// The authorization URL as it is made with oauth4webapi, with metadata that it is given.

import { clientId, metadata, redirectUri, scope } from './provider.mjs';

/** A function that makes authorization URLs. */
export async function prepare() {
  const oauth = await import('oauth4webapi');
  return async () => {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(metadata.authorization_endpoint);
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
}
