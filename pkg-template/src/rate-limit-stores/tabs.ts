/** The rate limit store that the tabs of an origin share. Its code loads at the first call that needs it. */

import type { RateLimitStore } from '../options.js';

const load = () => import('./indexeddb.js');

export const tabsRateLimitStore: RateLimitStore = {
  acquire: async (...given) => (await load()).acquire(...given),
  release: async (...given) => (await load()).release(...given),
};
