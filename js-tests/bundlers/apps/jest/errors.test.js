const { once } = require('node:events');
const { createServer } = require('node:net');
const { createClient } = require('@oakford/aisp');

test('an error of Node’s fetch is read, though its class is another than the test’s', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const client = await createClient({
    environment: { baseUrl: `http://127.0.0.1:${port}` },
    clientId: 'app',
    redirectUri: 'https://app.example/callback',
    maxRetries: 0,
  });
  const call = client.beginAuthorization();
  await expect(call).rejects.toMatchObject({ code: 'connection_failed', requestSent: 'no' });
});
