/** @jest-environment jsdom */
const { ConfigurationError, createClient } = require('@oakford/aisp');

const options = { environment: 'sandbox', clientId: 'app', redirectUri: 'https://app.example/callback' };

test('jsdom: createClient names what Jest’s jsdom lacks', async () => {
  const error = await createClient({ ...options, fetch: () => {} }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.code).toBe('text_encoding_unavailable');
  expect(error.message).toMatch(/no `TextDecoder`, which/);
  await expect(createClient(options)).rejects.toMatchObject({ code: 'fetch_unavailable' });
});
