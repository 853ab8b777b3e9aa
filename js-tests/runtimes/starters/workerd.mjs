// Cloudflare's workerd: a worker that runs the suite for each request.
import * as sdk from '@oakford/aisp';
import { runSuite } from './suite.mjs';

export default {
  async fetch(request) {
    await runSuite(sdk, await request.text());
    return new Response();
  },
};
