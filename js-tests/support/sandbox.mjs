/**
 * The sandbox as every test starts it: pinned to one day, so that a run is the same run on every day. Processes that a test starts
 * inherit the day. `AISP_SANDBOX_NOW=` (empty) lets the sandbox follow the machine's clock.
 */
import { after } from 'node:test';
import { startSandbox } from '@oakford/aisp-sandbox/testing';

export * from '@oakford/aisp-sandbox/testing';

process.env.AISP_SANDBOX_NOW ??= '2026-03-10T12:00:00Z';

/** Starts a sandbox that ends with the tests of the calling file. */
export async function sandboxForFile(options = {}) {
  const sandbox = await startSandbox({ rateLimit: false, ...options });
  after(() => sandbox.close());
  return sandbox;
}

/** Counts the refreshes that the sandbox received. */
export const refreshes = (sandbox) => sandbox.requests.count({ grantType: 'refresh_token' });

/** Counts the requests that reached the token endpoint, those that met a fault included. */
export const tokenRequests = (sandbox) => sandbox.requests.count({ path: '/oauth/token' });
