/** Finds the store in which a client shares its rate limit: the option's, the token store's, or that of the origin's tabs. */

import type { ClientOptions, RateLimitStore } from '../options.js';
import { tabsRateLimitStore } from './tabs.js';

/** Returns undefined if the process shares its limit with no other. `browser`: other tabs may be open. */
export function findRateLimitStore(
  { rateLimitStore, tokenStore }: ClientOptions,
  browser: boolean,
): RateLimitStore | undefined {
  if (rateLimitStore) return rateLimitStore;
  if (tokenStore?.acquire && tokenStore.release) return tokenStore as RateLimitStore;
  return browser && 'indexedDB' in globalThis ? tabsRateLimitStore : undefined;
}
