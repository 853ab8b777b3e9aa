/** The bundle of facts that an application sends to support. */

import type { AispEvent } from './events.js';
import { VERSION } from './generated/version.js';
import { json } from './plain.js';
import { platformName } from './platform.js';
import type { RateLimitState } from './rate-limit.js';

/** What support needs to know, as plain data. It holds no token, secret, code, key or account data. */
export interface DebugBundle {
  /** The version of this package. */
  sdk: string;
  /** The runtime and its version. */
  runtime: string;
  /** When the bundle was made (RFC 3339). */
  at: string;
  /** The client's options that are no secret; of the others, that they are there. */
  options: Record<string, unknown>;
  /** The rate limit when the bundle was made. */
  rateLimit: RateLimitState;
  /** The newest events, oldest first. */
  events: AispEvent[];
}

/** Options that may be shown as they are. */
const SHOWN = [
  'environment',
  'allowInsecureHosts',
  'clientId',
  'redirectUri',
  'scope',
  'profile',
  'timeoutMs',
  'deadlineMs',
  'maxBodyBytes',
  'maxRetries',
  'rateLimit',
  'runtime',
];

/** Everything of the bundle but the rate limit. */
export function bundle(options: object, events: AispEvent[]): Omit<DebugBundle, 'rateLimit'> {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    sdk: VERSION,
    runtime: platformName(),
    at: new Date().toISOString(),
    options: Object.fromEntries(
      set.map(([name, value]) => [name, SHOWN.includes(name) ? JSON.parse(json(value)) : '[set]']),
    ),
    // A session's key may be a customer's name.
    events: events.map((event) => ('key' in event ? { ...event, key: '[set]' } : event)),
  };
}
