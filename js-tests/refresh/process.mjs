/** A process of its own with a session: run by the tests with its task as JSON, it works when its input says so. */
import { createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { createClient as createRedis } from 'redis';
import { callAtOnce, fetchWith } from './support.mjs';

const { options, store, calls, killed } = JSON.parse(process.argv[2]);
const redis = store.redis && (await createRedis({ url: store.redis }).connect());
const die = () => process.kill(process.pid, 'SIGKILL');
const faults = {
  'before the request': fetchWith({ before: die }),
  'between answer and store': fetchWith({
    after: async (response) => {
      await response.clone().arrayBuffer();
      die();
    },
  }),
};

const client = await createClient({
  ...options,
  tokenStore: redis ? redisStore(redis) : fileStore(store),
  fetch: faults[killed] ?? fetch,
});
const session = await client.session();
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
const answers = await callAtOnce(session, calls);
console.log(JSON.stringify([...new Set(answers)]));
redis?.destroy();
process.exit();
