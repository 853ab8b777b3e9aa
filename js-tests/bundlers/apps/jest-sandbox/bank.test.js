// An application's own tests against a sandbox, with Jest.
const { createClient } = require('@oakford/aisp');
const { approve, faultsOn, startSandbox } = require('@oakford/aisp-sandbox/testing');

let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ now: '2026-03-10T12:00:00Z' });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.scenarios.load('standard')); // and no fault of the test before

async function connect(user) {
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.server.clientId,
    clientSecret: sandbox.clients.server.clientSecret,
    redirectUri: 'http://localhost:3000/callback',
  });
  const { url, pending } = await client.beginAuthorization();
  return client.completeAuthorization(await approve(url, { user }), pending, { key: user });
}

test('the accounts of a customer are listed', async () => {
  const session = await connect('james');
  expect((await session.accounts()).items).toHaveLength(3);
});

test('an overloaded API is asked again', async () => {
  const session = await connect('anna');
  const fault = faultsOn(sandbox, '/accounts').times(2).tooManyRequests({ retryAfter: 0 });
  expect((await session.accounts()).items).toHaveLength(3);
  expect(fault.hits).toBe(2);
});

test('an expired consent is an error', async () => {
  const session = await connect('noor');
  sandbox.consents.setExpiry(new Date(sandbox.clock.now() - 1000));
  await expect(session.accounts()).rejects.toMatchObject({ code: 'consent_expired' });
});
