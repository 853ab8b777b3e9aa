// The demo clients that every sandbox knows; their secrets are public on purpose and worth nothing elsewhere.
import { publicJwk } from './keys.js';
import { DETAIL_TYPE } from './rich-requests.js';

/** @typedef {import('../../types/testing.d.ts').DemoClients} DemoClients */
/** @typedef {import('../../types/testing.d.ts').SandboxClient} SandboxClient */

/**
 * @param {import('jose').JWK} fapiKey
 * @returns {DemoClients}
 */
export function demoClients(fapiKey) {
  return {
    web: { clientId: 'oakford-demo-web', authMethod: 'none' },
    server: {
      clientId: 'oakford-demo-server',
      clientSecret: 'sandbox-server-secret',
      authMethod: 'client_secret_basic',
    },
    serverPost: {
      clientId: 'oakford-demo-server-post',
      clientSecret: 'sandbox-server-post-secret',
      authMethod: 'client_secret_post',
    },
    oddCharacters: {
      clientId: 'oakford demo/odd:+%&=',
      clientSecret: 'sandbox secret/:+%&=?',
      authMethod: 'client_secret_basic',
    },
    fapi: {
      clientId: 'oakford-demo-fapi',
      authMethod: 'private_key_jwt',
      privateJwk: /** @type {Record<string, unknown>} */ ({ ...fapiKey }),
    },
  };
}

/**
 * @param {DemoClients} demo
 * @param {SandboxClient[]} added
 * @returns {SandboxClient[]} client metadata as the provider takes it
 */
export function clientMetadata(demo, added) {
  const { web, server, serverPost, oddCharacters, fapi } = demo;
  const demoMetadata = [
    { ...basics(web), client_name: 'Oakford demo page' },
    { ...basics(server), client_name: 'Oakford demo server' },
    { ...basics(serverPost), client_name: 'Oakford demo server (secret in the form)' },
    { ...basics(oddCharacters), client_name: 'Oakford demo server (odd characters)' },
    {
      ...basics(fapi),
      client_name: 'Oakford demo server (FAPI 2.0)',
      jwks: { keys: [publicJwk(/** @type {import('jose').JWK} */ (fapi.privateJwk))] },
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'PS256',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
      fapi_profile: /** @type {const} */ ('2.0'),
    },
  ];
  return [...demoMetadata, ...added.map((client) => ({ ...DEFAULTS, ...client }))];
}

const DEFAULTS = {
  // "native" is what lets loopback redirect URIs have any port (RFC 8252, 7.3).
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
  authorization_details_types: [DETAIL_TYPE],
};

/**
 * @param {import('../../types/testing.d.ts').DemoClient} client
 * @returns {SandboxClient}
 */
function basics({ clientId, clientSecret, authMethod }) {
  return {
    ...DEFAULTS,
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    token_endpoint_auth_method: authMethod,
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback'],
    post_logout_redirect_uris: ['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/'],
    any_loopback_redirect: true,
  };
}
