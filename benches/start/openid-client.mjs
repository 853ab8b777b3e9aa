// The authorization URL as openid-client makes it, with metadata that it is given.

import { clientId, metadata, redirectUri, scope } from './provider.mjs';

/** A function that makes authorization URLs. */
export async function prepare() {
  const client = await import('openid-client');
  const configuration = new client.Configuration(metadata, clientId);
  return async () => {
    const verifier = client.randomPKCECodeVerifier();
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope,
      state: client.randomState(),
      nonce: client.randomNonce(),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href;
  };
}
