/** The malicious server: an authorization server and an API that answer correctly except for the faults that a test gives. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createClient, memoryStore } from '@oakford/aisp';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { REDIRECT_URI } from './clients.mjs';
import { json, listen } from './server.mjs';

/** The server's keys by algorithm. */
export const KEYS = Object.fromEntries(
  await Promise.all(
    ['ES256', 'PS256', 'RS256', 'EdDSA'].map(async (alg) => [alg, await key(alg, `key-${alg}`)]),
  ),
);

/** Makes a signing key with its public JWK. */
export async function key(alg, kid) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}

/** Options of the profile `fapi2`, with a key of the client. */
export const fapi = {
  profile: 'fapi2',
  clientAuth: {
    method: 'private_key_jwt',
    privateKey: (await generateKeyPair('ES256')).privateKey,
    kid: 'k',
  },
};

/** Returns the `at_hash` of an access token. */
export function atHash(token, hash = 'sha256') {
  const digest = createHash(hash).update(token).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

/**
 * Starts the server, which ends with the tests of the calling file. Of `faults`, `metadata`, `idToken`, `tokens` and `userInfo`
 * change what it sends, `signed` makes the ID token, and `answers[path]` answers instead if it returns true. With `tls` the server
 * uses https. With `mtls` a second port demands a client certificate; its endpoints are the aliases of RFC 8705. With `exposes`
 * pages of other origins may use the server and read these header fields.
 */
export async function maliciousServer(faults = {}, { tls, mtls, exposes } = {}) {
  const state = {
    faults,
    requests: [],
    keys: Object.values(KEYS),
    alg: 'ES256',
    nonce: undefined,
    nonces: new Map(),
    renewals: 0,
  };
  const listener = async (request, response) => {
    const { pathname } = new URL(request.url, state.origin);
    if (exposes !== undefined && preflight(exposes, request, response)) return;
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const certificate = request.socket.getPeerCertificate?.().subject?.CN;
    state.requests.push({
      method: request.method,
      path: pathname,
      headers: request.headers,
      form,
      certificate,
    });
    const exchange = { request, response, form };
    if (await state.faults.answers?.[pathname]?.(exchange)) return;
    const handler = handlers[pathname];
    if (!handler) return json(response, { error: 'not_found' }, 404);
    await handler(state, exchange);
  };
  state.origin = tls
    ? `https://${await listen(createTlsServer(tls, listener))}`
    : `http://${await listen(createServer(listener))}`;
  if (mtls) {
    const demanding = { ...mtls, requestCert: true, rejectUnauthorized: true };
    state.mtlsOrigin = `https://${await listen(createTlsServer(demanding, listener))}`;
  }
  state.at = (path) => state.requests.filter((request) => request.path === path);
  return state;
}

function preflight(exposes, request, response) {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', exposes);
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
  response.writeHead(204).end();
  return true;
}

const handlers = {
  '/.well-known/openid-configuration': (state, { response }) => {
    const at = (path) => `${state.origin}/oauth/${path}`;
    const document = {
      issuer: state.origin,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      jwks_uri: at('jwks'),
      pushed_authorization_request_endpoint: at('par'),
      revocation_endpoint: at('revoke'),
      userinfo_endpoint: at('userinfo'),
      end_session_endpoint: at('logout'),
      authorization_response_iss_parameter_supported: true,
    };
    if (state.mtlsOrigin) {
      const aliased = ['token', 'pushed_authorization_request', 'revocation', 'userinfo'].map((name) => {
        const endpoint = document[`${name}_endpoint`];
        return [`${name}_endpoint`, endpoint.replace(state.origin, state.mtlsOrigin)];
      });
      document.mtls_endpoint_aliases = Object.fromEntries(aliased);
    }
    json(response, { ...document, ...state.faults.metadata?.(document) });
  },
  '/oauth/jwks': (state, { response }) => json(response, { keys: state.keys.map(({ jwk }) => jwk ?? null) }),
  '/oauth/par': (_, { response }) => json(response, { request_uri: 'urn:x:1', expires_in: 60 }, 201),
  '/oauth/revoke': (_, { response }) => json(response, {}),
  '/oauth/userinfo': (state, { response }) => json(response, { sub: 'anna', ...state.faults.userInfo }),
  '/oauth/token': async (state, { request, response, form }) => {
    const renewed = form.get('grant_type') === 'refresh_token';
    const access_token = `access-${++state.renewals}-of-the-test`;
    const tokens = {
      access_token,
      token_type: request.headers.dpop ? 'DPoP' : 'Bearer',
      expires_in: 3600,
      refresh_token: `refresh-${state.renewals}-of-the-test`,
      id_token: await idToken(state, access_token, renewed, form.get('code')),
    };
    json(response, { ...tokens, ...state.faults.tokens?.(tokens) });
  },
  '/aisp/v1/accounts': (_, { response }) => json(response, { accounts: [] }),
};

async function idToken(state, accessToken, renewed, code) {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: state.origin,
    sub: 'anna',
    aud: 'test',
    iat: seconds,
    exp: seconds + 300,
    at_hash: atHash(accessToken, state.alg === 'EdDSA' ? 'sha512' : 'sha256'),
    ...(renewed ? {} : { nonce: state.nonces.get(code) ?? state.nonce }),
  };
  const changed = { ...claims, ...state.faults.idToken?.(claims, renewed) };
  const payload = JSON.parse(JSON.stringify(changed));
  if (state.faults.signed) return state.faults.signed(payload);
  const { privateKey, jwk } = KEYS[state.alg];
  return new SignJWT(payload).setProtectedHeader({ alg: state.alg, kid: jwk.kid }).sign(privateKey);
}

/** Begins an authorization; `complete` ends it without a browser, because the server takes any code. */
export async function connectTo(state, options = {}, { request, parameters = {} } = {}) {
  const tokenStore = memoryStore();
  const client = await createClient({
    environment: { baseUrl: `${state.origin}/aisp/v1` },
    clientId: 'test',
    redirectUri: REDIRECT_URI,
    tokenStore,
    ...options,
  });
  const begun = await client.beginAuthorization(request);
  state.nonce = begun.pending.nonce;
  const query = { code: 'the-code', state: begun.pending.state, iss: state.origin, ...parameters };
  const callback = `${REDIRECT_URI}?${new URLSearchParams(query)}`;
  const complete = () => client.completeAuthorization(callback, begun.pending);
  return { client, tokenStore, begun, callback, complete };
}

/** Connects a session. */
export async function connectedSession(state, options, request) {
  const { client, tokenStore, complete } = await connectTo(state, options, request);
  return { client, tokenStore, session: await complete() };
}
