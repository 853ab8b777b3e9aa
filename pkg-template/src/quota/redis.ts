/** A rate limit that processes share over Redis. */

import type { RateSpan } from '../options.js';

/** What is used of a Redis client. */
interface Evaluates {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/**
 * Counts a call, or says how long to wait. The calls are members of one sorted set; their score is the instant of their answer,
 * by Redis's own clock, and for those under way the end of their lease. A call counts in a span until a span after its score.
 * ARGV: the call, its lease, and limit and length of each span.
 */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, wait = 0, 0
for i = 3, #ARGV, 2 do
  local limit, span = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, span)
  if redis.call('ZCOUNT', KEYS[1], '(' .. (now - span), '+inf') >= limit then
    local last = tonumber(redis.call('ZREVRANGE', KEYS[1], limit - 1, limit - 1, 'WITHSCORES')[2])
    wait = math.max(wait, math.min(last, now) + span - now, 1)
  end
end
if wait == 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(longest + ARGV[2]))
end
return wait`;

/** ARGV: the call, and 1 where it was sent. */
const SETTLE = `
if ARGV[2] ~= '1' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])`;

/** The two methods of a token store that let processes share a rate limit. */
export function redisQuota(client: Evaluates, prefix: string) {
  return {
    async reserve(quota: string, spans: readonly RateSpan[], call: string, leaseMs: number): Promise<number> {
      const told = await client.eval(RESERVE, {
        keys: [prefix + quota],
        arguments: [call, String(leaseMs), ...spans.flat().map(String)],
      });
      return Number(told);
    },
    async settle(quota: string, call: string, sent: boolean): Promise<void> {
      await client.eval(SETTLE, { keys: [prefix + quota], arguments: [call, sent ? '1' : '0'] });
    },
  };
}
