/** A server of our own that behaves well until it is told not to: an authorization server and an API for the negative cases. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { REDIRECT_URI } from './support.mjs';

/** The server's keys, made once. */
export const KEYS = Object.fromEntries(
  await Promise.all(
    ['ES256', 'PS256', 'RS256', 'EdDSA'].map(async (alg) => [alg, await key(alg, `key-${alg}`)]),
  ),
);

/** A signing key with its public JWK. */
export async function key(alg, kid) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}

/** Options of the profile `fapi2`, with a key of the client's own. */
export const fapi = {
  profile: 'fapi2',
  clientAuth: {
    method: 'private_key_jwt',
    privateKey: (await generateKeyPair('ES256')).privateKey,
    kid: 'k',
  },
};

/** `at_hash` of an access token. */
export function atHash(token, hash = 'sha256') {
  const digest = createHash(hash).update(token).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

/**
 * Starts the server; it ends with the calling file's tests. `faults` say what it does wrong: `metadata`, `idToken`, `tokens`, `userInfo` change
 * what it would send; `signed` makes the ID token itself; `answers[path]` answers in its place where it returns true. With `tls` it serves
 * https; with `mtls` also at a second port that demands a client certificate, whose endpoints are the aliases of RFC 8705. With `exposes`
 * pages of other origins may use it, and read these header fields.
 */
export async function hostile(faults = {}, { tls, mtls, exposes } = {}) {
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
  state.origin = await listen(tls ? createTlsServer(tls, listener) : createServer(listener), tls && 's');
  if (mtls) {
    const demanding = { ...mtls, requestCert: true, rejectUnauthorized: true };
    state.mtlsOrigin = await listen(createTlsServer(demanding, listener), 's');
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

async function listen(server, s = '') {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http${s}://127.0.0.1:${server.address().port}`;
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

/** Answers with JSON. */
export function json(response, value, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
  return true;
}

/** Begins and completes an authorization there; no browser is needed, since the server takes any code. */
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

/** A session there. */
export async function sessionAt(state, options, request) {
  const { client, tokenStore, complete } = await connectTo(state, options, request);
  return { client, tokenStore, session: await complete() };
}
