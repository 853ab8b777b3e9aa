/** What the OAuth tests share: clients of the sandbox in both profiles, and a look at what they sent. */
import { after } from 'node:test';
import { createClient } from '@oakford/aisp';
import { approve, startSandbox } from '../pinned.mjs';

export const REDIRECT_URI = 'http://127.0.0.1:9/callback';

/** A sandbox that ends with the tests of the calling file. */
export async function sandboxForFile(options = {}) {
  const sandbox = await startSandbox({ rateLimit: false, ...options });
  after(() => sandbox.close());
  return sandbox;
}

/** Options of the sandbox's FAPI 2.0 client; `options` go over them. */
export function fapiOptions(sandbox, options = {}) {
  const { clientId, privateJwk } = sandbox.clients.fapi;
  return {
    environment: { baseUrl: sandbox.baseUrl },
    profile: 'fapi2',
    clientId,
    clientAuth: { method: 'private_key_jwt', privateKey: privateJwk },
    redirectUri: REDIRECT_URI,
    ...options,
  };
}

/** Options of the sandbox's public client. */
export function publicOptions(sandbox, options = {}) {
  return {
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: REDIRECT_URI,
    ...options,
  };
}

/** Leads a customer through a client of `options`. */
export async function connect(options, request = {}) {
  const client = await createClient(options);
  const { url, pending } = await client.beginAuthorization(request);
  const callbackUrl = await approve(url, { user: 'anna' });
  const session = await client.completeAuthorization(callbackUrl, pending);
  return { client, session, url, pending, callbackUrl };
}

/** A `fetch` that keeps what was sent and what came, whole. */
export function recorder(inner = globalThis.fetch) {
  const exchanges = [];
  const recording = async (url, init) => {
    const exchange = {
      url,
      method: init.method,
      headers: init.headers,
      form: new URLSearchParams(init.body),
    };
    exchanges.push(exchange);
    const response = await inner(url, init);
    exchange.status = response.status;
    exchange.responseHeaders = response.headers;
    return response;
  };
  const at = (path) => exchanges.filter(({ url }) => new URL(url).pathname === path);
  return { fetch: recording, exchanges, at };
}

/** Header and claims of a JWT. */
export function jwt(token) {
  const [header, claims] = token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  return { header, claims };
}

/** The error that `work` rejects with. */
export async function errorOf(work) {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('It should have failed.');
}
