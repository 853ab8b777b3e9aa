/**
 * A token store and rate limit store in Redis, for services that run in several processes.
 * @module @oakford/aisp/redis
 */

import { configurationError } from './errors.js';
import type { RateLimitStore, RateWindow, TokenStore } from './options.js';
import { wellFormed } from './plain.js';
import { redisRateLimitStore } from './rate-limit-stores/redis.js';
import { expiryOf, isEphemeral } from './stores/ephemeral-keys.js';

export type { RateLimitStore, RateWindow, TokenStore };

/** What is used of a client of the package `redis` (version 4 or newer), which you make and connect. */
export interface RedisClient {
  /** The command `GET`. */
  get(key: string): Promise<unknown>;
  /** The command `EVAL`. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A value is stored as its version, a line break, and the text. */
const ENTRY = /^([0-9A-Za-z-]+)\n/;
/** The version of anything else, which may be bytes that are no text. */
const UNREADABLE = 'unreadable';

/** ARGV: the version, or nothing for an absent key; what to store, or nothing; its life in milliseconds, or nothing. */
const SWAP = `
local stored = redis.call('GET', KEYS[1])
local version = stored and (string.match(stored, '^([%w-]+)\\n') or '${UNREADABLE}') or ''
if version ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`;

/** A mark outlives its end by so much, since clocks differ. */
const GRACE_MS = 60_000;

/**
 * Keeps sessions in Redis, by atomic compare-and-swap. Which process renews a session is settled by leases that the SDK writes;
 * they and the marks of completed authorizations expire by themselves, sessions do not. All processes over one Redis keep to the
 * rate limit together.
 *
 * @param client a connected client of the package `redis`
 * @param options `prefix` is put before every key. Default: `oakford-aisp:`
 * @throws `ConfigurationError` for a client of another package.
 */
export function redisStore(
  client: RedisClient,
  options: { prefix?: string } = {},
): TokenStore & RateLimitStore {
  check(client);
  const { prefix = 'oakford-aisp:' } = options;
  return {
    ...redisRateLimitStore(client, prefix),
    async get(key) {
      const stored = await client.get(prefix + wellFormed('key', key));
      if (stored === null || stored === undefined) return null;
      if (typeof stored !== 'string')
        throw new TypeError(`The Redis client's GET gave no string but ${typeof stored}.`);
      const version = ENTRY.exec(stored)?.[1];
      // What is no entry holds no session; with its version, a new connection can replace it.
      if (!version) return { version: UNREADABLE, value: '' };
      return { version, value: stored.slice(version.length + 1) };
    },
    async compareAndSwap(key, version, value) {
      const stored = value === null ? '' : `${crypto.randomUUID()}\n${value}`;
      const lasts = value !== null && isEphemeral(key) ? lifetime(value) : '';
      const swapped = await client.eval(SWAP, {
        keys: [prefix + wellFormed('key', key)],
        arguments: [version ?? '', stored, lasts],
      });
      return Number(swapped) === 1;
    },
  };
}

function lifetime(mark: string): string {
  return String(Math.max(1, expiryOf(mark) + GRACE_MS - Date.now()));
}

/** Clients of other packages have methods of the same names, which take other arguments. */
function check(client: unknown): void {
  const { get, eval: evaluate, defineCommand, send_command: old, then } = Object(client);
  if (typeof get === 'function' && typeof evaluate === 'function' && !defineCommand && !old) return;
  throw configurationError(
    'redisStore.client',
    'a client of the package redis, version 4 or newer (`await createClient({ url }).connect()`)',
    defineCommand ? 'one of ioredis' : old ? 'one of an older version' : then ? 'a promise' : typeof client,
  );
}
