/** Clients of the sandbox in both profiles, and their connected sessions. */
import { createClient } from '@oakford/aisp';
import { approve } from './sandbox.mjs';

export const REDIRECT_URI = 'http://127.0.0.1:9/callback';

/** Returns the options of the sandbox's confidential client; `options` go over them. */
function serverOptions({ baseUrl, clients }, options) {
  const { clientId, clientSecret } = clients.server;
  return { environment: { baseUrl }, clientId, clientSecret, redirectUri: REDIRECT_URI, ...options };
}

/** Returns the options of the sandbox's public client; `options` go over them. */
export function publicOptions({ baseUrl, clients }, options = {}) {
  const { clientId } = clients.web;
  return { environment: { baseUrl }, clientId, redirectUri: REDIRECT_URI, ...options };
}

/** Returns the options of the sandbox's FAPI 2.0 client; `options` go over them. */
export function fapiOptions({ baseUrl, clients }, options = {}) {
  const { clientId, privateJwk } = clients.fapi;
  const clientAuth = { method: 'private_key_jwt', privateKey: privateJwk };
  const environment = { baseUrl };
  return { environment, profile: 'fapi2', clientId, clientAuth, redirectUri: REDIRECT_URI, ...options };
}

/** Creates a confidential client of the sandbox; `options` go over its own. */
export function clientOf(sandbox, options = {}) {
  return createClient(serverOptions(sandbox, options));
}

/** Connects a customer by a confidential client of the sandbox. */
export function connect(sandbox, options = {}, customer = { user: 'anna' }) {
  return connectWith(serverOptions(sandbox, options), {}, customer);
}

/** Connects a customer by a client with these options. */
export async function connectWith(options, request = {}, customer = { user: 'anna' }) {
  const client = await createClient(options);
  const { url, pending } = await client.beginAuthorization(request);
  const callbackUrl = await approve(url, customer);
  const session = await client.completeAuthorization(callbackUrl, pending);
  return { client, session, url, pending, callbackUrl };
}

/** Makes `count` concurrent calls; returns the account ids of each. */
export async function callAtOnce(session, count) {
  const pages = await Promise.all(Array.from({ length: count }, () => session.accounts()));
  return pages.map(({ items }) => items.map(({ accountId }) => accountId).join());
}
