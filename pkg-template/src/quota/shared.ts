/** With whom a client shares its rate limit: all who use its token store, or the tabs of its origin. */

import type { TokenStore } from '../options.js';

/** The two methods that share a limit. */
export type Quota = Required<Pick<TokenStore, 'reserve' | 'settle'>>;

/** Undefined where there is nobody to share with; `browser`: there may be other tabs. */
export function quotaOf(store: TokenStore, browser: boolean): Quota | undefined {
  if (store.reserve && store.settle) {
    return { reserve: store.reserve.bind(store), settle: store.settle.bind(store) };
  }
  if (!browser || !('indexedDB' in globalThis)) return undefined;
  const tabs = () => import('./tabs.js');
  return {
    reserve: async (...given) => (await tabs()).reserve(...given),
    settle: async (...given) => (await tabs()).settle(...given),
  };
}
