/** A rate limit store in Redis. */

import type { RateLimitStore } from '../options.js';

/** What is used of a Redis client. */
interface Evaluates {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/**
 * Counts a call, or returns the milliseconds to wait. The calls of a quota are the members of one sorted set. A call's score is the instant
 * of its response by Redis's clock; before the response it is the end of the call's lease. A call counts in a window until the window's length
 * after its score.
 * ARGV: the call, its lease, then limit and length of each window.
 */
const ACQUIRE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, wait = 0, 0
for i = 3, #ARGV, 2 do
  local limit, length = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, length)
  if redis.call('ZCOUNT', KEYS[1], '(' .. (now - length), '+inf') >= limit then
    local last = tonumber(redis.call('ZREVRANGE', KEYS[1], limit - 1, limit - 1, 'WITHSCORES')[2])
    wait = math.max(wait, math.min(last, now) + length - now, 1)
  end
end
if wait == 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(longest + ARGV[2]))
end
return wait`;

/** ARGV: the call, and 1 if it was sent. */
const RELEASE = `
if ARGV[2] ~= '1' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])`;

/** Makes a rate limit store whose keys begin with `prefix`. */
export function redisRateLimitStore(client: Evaluates, prefix: string): RateLimitStore {
  return {
    async acquire(quota, windows, call, leaseMs) {
      const wait = await client.eval(ACQUIRE, {
        keys: [prefix + quota],
        arguments: [call, String(leaseMs), ...windows.flat().map(String)],
      });
      return Number(wait);
    },
    async release(quota, call, sent) {
      await client.eval(RELEASE, { keys: [prefix + quota], arguments: [call, sent ? '1' : '0'] });
    },
  };
}
