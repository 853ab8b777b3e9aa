/** What the Node tests share: a sandbox for a file's tests, and a connected session in one line. */
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

/** A confidential client of the sandbox; `options` go over it. */
export function clientOf(sandbox, options = {}) {
  return createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.server.clientId,
    clientSecret: sandbox.clients.server.clientSecret,
    redirectUri: REDIRECT_URI,
    ...options,
  });
}

/** A client with a customer's session. */
export async function connect(sandbox, options = {}, customer = { user: 'anna' }) {
  const client = await clientOf(sandbox, options);
  const { url, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(url, customer);
  const session = await client.completeAuthorization(callbackUrl, pending);
  return { client, session, callbackUrl, pending };
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
