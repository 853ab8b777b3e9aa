// A client of a few lines over plain fetch, so that the sandbox is tested by nothing but HTTP.
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { approve, startSandbox } from '../support/sandbox.mjs';

export const REDIRECT_URI = 'http://127.0.0.1:5173/callback';

/** A sandbox that ends with its test. */
export async function sandboxFor(test, options) {
  const sandbox = await startSandbox(options);
  test.after(() => sandbox.close());
  return sandbox;
}

/** An authorization URL, and the verifier that belongs to it. */
export function authorizationRequest(sandbox, parameters = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${sandbox.origin}/oauth/authorize`);
  url.search = new URLSearchParams({
    client_id: sandbox.clients.web.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid accounts offline_access',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { url, verifier };
}

/** Posts a form to the token endpoint as a client. */
export async function token(sandbox, form, { client = sandbox.clients.web, headers = {} } = {}) {
  const body = new URLSearchParams(form);
  const sent = { ...headers };
  if (client.authMethod === 'client_secret_basic') sent.Authorization = basic(client);
  else body.set('client_id', client.clientId);
  if (client.authMethod === 'client_secret_post') body.set('client_secret', client.clientSecret);
  const response = await fetch(`${sandbox.origin}/oauth/token`, { method: 'POST', body, headers: sent });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined. */
export function basic({ clientId, clientSecret }) {
  const encoded = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  );
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

export function exchange(sandbox, callbackUrl, verifier, { redirectUri = REDIRECT_URI, ...options } = {}) {
  const code = new URL(callbackUrl).searchParams.get('code');
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  return token(sandbox, form, options);
}

export function refresh(sandbox, refreshToken, options) {
  return token(sandbox, { grant_type: 'refresh_token', refresh_token: refreshToken }, options);
}

/** The whole flow: resolves to the token endpoint's answer. */
export async function connect(sandbox, { client = sandbox.clients.web, customer, parameters } = {}) {
  const { url, verifier } = authorizationRequest(sandbox, { client_id: client.clientId, ...parameters });
  const { status, body } = await exchange(sandbox, await approve(url, customer), verifier, { client });
  if (status !== 200) throw new Error(`token endpoint: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** An API call; the body is parsed where it is JSON. */
export async function get(sandbox, path, accessToken, { headers = {}, method = 'GET', signal } = {}) {
  const response = await fetch(`${sandbox.baseUrl}${path}`, {
    method,
    headers: { ...(accessToken ? { Authorization: `Bearer ${accessToken}` } : {}), ...headers },
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** Every transaction of every page. */
export async function allTransactions(sandbox, accountId, accessToken, query = {}) {
  const rows = [];
  let cursor;
  do {
    const search = new URLSearchParams({ limit: '500', ...query, ...(cursor ? { cursor } : {}) });
    const { status, body } = await get(sandbox, `/accounts/${accountId}/transactions?${search}`, accessToken);
    if (status !== 200) throw new Error(`transactions: ${status} ${JSON.stringify(body)}`);
    rows.push(...body.transactions);
    cursor = body.next_cursor;
  } while (cursor);
  return rows;
}

/** Sends a path and a `Host` header as they stand, which `fetch` does not. */
export function send({ port, host = '127.0.0.1' }, method, path, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    httpRequest({ host, port, method, path, headers }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    })
      .on('error', reject)
      .end(body);
  });
}
