// An application's own tests against a sandbox, with Vitest.
import { createClient } from '@oakford/aisp';
import { approve, deny, startSandbox } from '@oakford/aisp-sandbox/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const DAY = 86_400_000;
let sandbox;
let client;
beforeEach(async () => {
  sandbox = await startSandbox({ scenario: 'consent-expiring' });
  client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: 'http://127.0.0.1:3000/callback',
  });
});
afterEach(() => sandbox.close());

test('a consent that has run out has to be given again', async () => {
  const { url, pending } = await client.beginAuthorization();
  const session = await client.completeAuthorization(await approve(url), pending);
  sandbox.clock.advance(3 * DAY);
  await expect(session.accounts()).rejects.toMatchObject({ code: 'consent_expired', reauthRequired: true });
});

test('a customer may say no', async () => {
  const { url, pending } = await client.beginAuthorization();
  const refused = client.completeAuthorization(await deny(url), pending);
  await expect(refused).rejects.toMatchObject({ name: 'AuthorizationError', code: 'access_denied' });
});
