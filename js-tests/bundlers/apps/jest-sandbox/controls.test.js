// The controls of a sandbox that is required are those of one that is imported.
const { approve, deny, startSandbox } = require('@oakford/aisp-sandbox/testing');

let sandbox;
afterEach(() => {
  jest.useRealTimers();
  return sandbox.close();
});

test('clock, scenarios, consents and requests are read and steered at once', async () => {
  sandbox = await startSandbox({ scenario: { customers: ['noor'] }, refreshTokens: 'keep' });
  expect(sandbox.users.map(({ username }) => username)).toEqual(['noor']);
  expect(sandbox.banks.map(({ id }) => id)).toContain('gulf-pearl');
  const start = sandbox.clock.today();
  sandbox.clock.set(new Date('2030-06-01T00:00:00Z'));
  expect(sandbox.clock.today()).toBe('2030-06-01');
  sandbox.clock.reset();
  expect(sandbox.clock.today()).toBe(start);
  expect(sandbox.scenarios.load('overdrawn').name).toBe('overdrawn');
  expect(sandbox.scenarios.current.name).toBe('overdrawn');
  expect(() => sandbox.scenarios.load('nope')).toThrow(TypeError);
  expect(sandbox.consents.list()).toEqual([]);
  await fetch(`${sandbox.baseUrl}/accounts`);
  expect([...sandbox.requests].map(({ path, status }) => [path, status])).toEqual([
    ['/aisp/v1/accounts', 401],
  ]);
  expect(sandbox.requests.count({ status: 401 })).toBe(sandbox.requests.length);
  sandbox.requests.clear();
  expect(JSON.stringify(sandbox.requests)).toBe('[]');
});

test('a sandbox that was closed can be looked at, and answers no more', async () => {
  sandbox = await startSandbox();
  await fetch(`${sandbox.baseUrl}/accounts`);
  await sandbox.close();
  expect(sandbox.requests.length).toBe(1);
  await expect(fetch(sandbox.baseUrl)).rejects.toThrow('fetch failed');
});

test('what startSandbox, approve and deny reject with is an error of the test', async () => {
  sandbox = await startSandbox();
  await expect(startSandbox({ refreshTokens: 'never' })).rejects.toThrow(TypeError);
  await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const url = new URL('/oauth/authorize?client_id=nobody', sandbox.origin);
  for (const customer of [approve, deny])
    await expect(customer(url)).rejects.toThrow(/authorization stopped/);
});

test('fake timers do not hold a sandbox up', async () => {
  jest.useFakeTimers();
  sandbox = await startSandbox({ now: '2030-06-01T23:59:59Z' });
  sandbox.clock.advance(1000);
  expect(sandbox.clock.today()).toBe('2030-06-02');
});
