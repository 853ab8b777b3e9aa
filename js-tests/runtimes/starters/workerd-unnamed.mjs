// Cloudflare's workerd at a compatibility date before it names itself: whether a secret is taken.
import { createClient } from '@oakford/aisp';

const options = {
  environment: 'sandbox',
  clientId: 'a',
  clientSecret: 's',
  redirectUri: 'https://a.example/',
};
const outcome = (more) =>
  createClient({ ...options, ...more }).then(
    () => 'created',
    ({ code }) => code,
  );

export default {
  async fetch() {
    const found = [typeof navigator, await outcome(), await outcome({ runtime: 'server' })];
    const status = found.join() === 'undefined,secret_in_browser,created' ? 200 : 500;
    return Response.json(found, { status });
  },
};
