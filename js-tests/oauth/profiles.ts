// Compiled by types.test.mjs: what the types of createClient let be said, and what they don't.
import { type AuthorizationOptions, type CertificateFetch, createClient, type Session } from '@oakford/aisp';

declare const key: CryptoKey;
declare const pair: CryptoKeyPair;
declare const jwk: JsonWebKey;
declare const certificateFetch: CertificateFetch;

const common = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' } as const;
const keyAuth = { method: 'private_key_jwt', privateKey: key } as const;

createClient({ ...common });
createClient({ ...common, clientSecret: 's' });
createClient({ ...common, clientSecret: 's', clientAuth: { method: 'client_secret_post' } });
createClient({ ...common, profile: 'oauth2', clientAuth: keyAuth, dpop: true });
createClient({ ...common, dpop: pair });
createClient({ ...common, dpop: jwk });
createClient({ ...common, dpop: { privateKey: jwk, publicKey: jwk } });

createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth });
createClient({
  ...common,
  profile: 'fapi2',
  clientAuth: { ...keyAuth, privateKey: jwk, kid: 'k', alg: 'PS256' },
});
createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth, dpop: pair });
createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth, dpop: false, fetch: certificateFetch });
createClient({
  ...common,
  profile: 'fapi2',
  clientAuth: { method: 'tls_client_auth' },
  fetch: certificateFetch,
});

// @ts-expect-error: the profile fapi2 has no public clients
createClient({ ...common, profile: 'fapi2' });
// @ts-expect-error: nor secrets
createClient({ ...common, profile: 'fapi2', clientSecret: 's' });
// @ts-expect-error: also not beside a key
createClient({ ...common, profile: 'fapi2', clientSecret: 's', clientAuth: keyAuth });
// @ts-expect-error: nor a method that needs one
createClient({ ...common, profile: 'fapi2', clientAuth: { method: 'client_secret_basic' } });
// @ts-expect-error: tokens are bound to a key unless there is a certificate
createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth, dpop: false });
// @ts-expect-error: a certificate needs a fetch that presents it
createClient({ ...common, profile: 'fapi2', clientAuth: { method: 'tls_client_auth' } });
// @ts-expect-error: private_key_jwt needs a key
createClient({ ...common, profile: 'fapi2', clientAuth: { method: 'private_key_jwt' } });
// @ts-expect-error: RS256 is no algorithm for a client's key
createClient({ ...common, clientAuth: { ...keyAuth, alg: 'RS256' } });
// @ts-expect-error: there is no such profile
createClient({ ...common, profile: 'fapi1' });

export const request: AuthorizationOptions = {
  acrValues: ['urn:sca'],
  claims: { id_token: { acr: { essential: true } } },
  authorizationDetails: {
    accounts: [{ iban: 'DE89370400440532013000' }],
    balances: true,
    validUntil: '2026-12-31',
  },
};
// @ts-expect-error: a detail that does not exist
export const wrong: AuthorizationOptions = { authorizationDetails: { payments: true } };

export async function use(session: Session): Promise<string> {
  const { sub, name } = await session.userInfo();
  return sub + (name ?? '') + session.logoutUrl({ postLogoutRedirectUri: 'https://a.example/' });
}
