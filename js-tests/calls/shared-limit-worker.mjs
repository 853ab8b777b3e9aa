/** One of several processes that read as fast as they may: run by shared-limit.test.mjs. */
import { createClient } from '@oakford/aisp';
import { redisStore } from '@oakford/aisp/redis';
import { createClient as connect } from 'redis';

const [, , redisUrl, origin, durationMs, speed] = process.argv;
const redis = await connect({ url: redisUrl }).connect();
const store = redisStore(redis);
const client = await createClient({
  environment: { baseUrl: `${origin}/aisp/v1`, issuer: origin },
  clientId: 'test',
  redirectUri: 'http://127.0.0.1:9/callback',
  tokenStore: store,
  // The limit of the process itself lets five times as much through in this time.
  rateLimitStore: {
    acquire: (quota, windows, ...rest) =>
      store.acquire(
        quota,
        windows.map(([limit, ms]) => [limit, ms / Number(speed)]),
        ...rest,
      ),
    release: store.release,
  },
  rateLimit: { per10Seconds: 20, perMinute: 50 },
  maxRetries: 0,
});
const session = await client.session();
const end = AbortSignal.timeout(Number(durationMs));
/** Reads one after the other until the time is up. */
async function read() {
  let done = 0;
  while (!end.aborted) {
    try {
      await session.account('a', { signal: end, deadlineMs: 600_000 });
      done++;
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  }
  return done;
}
const done = await Promise.all([read(), read(), read(), read()]);
console.log(JSON.stringify({ done: done.reduce((sum, some) => sum + some) }));
await redis.close();
