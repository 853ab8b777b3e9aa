/** A process of its own with a session: run by the tests with its task as JSON, it works when its input says so. */
import { createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { createClient as createRedis } from 'redis';
import { callAtOnce } from '../support/clients.mjs';
import { fetchWith } from '../support/fetch.mjs';

const { options, store, calls, killed } = JSON.parse(process.argv[2]);
const redis = store.redis && (await createRedis({ url: store.redis }).connect());
const die = () => process.kill(process.pid, 'SIGKILL');
/** Stands still, lease and all, once it has read the session for its refresh. */
const stalling = (inner) => {
  let done = false;
  return {
    ...inner,
    async get(key) {
      const entry = await inner.get(key);
      if (!done && key.startsWith('session:') && (await inner.get(`lease:${key}`))) {
        done = true;
        process.kill(process.pid, 'SIGSTOP');
      }
      return entry;
    },
  };
};
const faults = {
  'before the request': fetchWith({ before: die }),
  'between answer and store': fetchWith({
    after: async (response) => {
      await response.clone().arrayBuffer();
      die();
    },
  }),
};

const tokenStore = redis ? redisStore(redis) : fileStore(store);
const client = await createClient({
  ...options,
  tokenStore: killed === 'stopped' ? stalling(tokenStore) : tokenStore,
  fetch: faults[killed] ?? fetch,
});
const session = await client.session();
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
const answers = await callAtOnce(session, calls);
console.log(JSON.stringify([...new Set(answers)]));
redis?.destroy();
process.exit();
