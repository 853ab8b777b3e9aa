/** A rate limit that the tabs of an origin share: counted in `localStorage`, one tab at a time under a Web Lock. */

import type { RateSpan, TokenStore } from '../options.js';
import { inBrowser } from '../platform.js';

interface Locks {
  request<T>(name: string, work: () => T | Promise<T>): Promise<T>;
}

interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The calls of an origin: each with the instant of its answer, or the end of its lease. */
type Ledger = [call: string, at: number][];

/** No window of a limit is longer than a day. */
const LONGEST = 86_400_000;

/** What a token store has that shares a limit; undefined where there are no tabs, no Web Locks or no `localStorage`. */
export function tabsQuota(): Required<Pick<TokenStore, 'reserve' | 'settle'>> | undefined {
  const locks = (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
  const storage = inBrowser() && locks ? localStorageHere() : undefined;
  if (!locks || !storage) return undefined;
  const update = <T>(quota: string, change: (ledger: Ledger, now: number) => [Ledger, T]) =>
    locks.request(`oakford-aisp:${quota}`, () => {
      const now = Date.now();
      const [ledger, told] = change(read(storage, quota, now), now);
      storage.setItem(`oakford-aisp:${quota}`, JSON.stringify(ledger));
      return told;
    });
  return {
    reserve: (quota, spans, call, leaseMs) =>
      update(quota, (ledger, now) => {
        const wait = Math.max(0, ...spans.map((span) => waitFor(span, ledger, now)));
        const longest = Math.max(0, ...spans.map(([, ms]) => ms));
        if (wait > 0) return [ledger, wait];
        const counted = ledger.filter(([, at]) => at > now - longest);
        return [[...counted, [call, now + leaseMs]], 0];
      }),
    settle: (quota, call, sent) =>
      update(quota, (ledger, now) => {
        const others = ledger.filter(([other]) => other !== call);
        const known = others.length < ledger.length;
        return [known && sent ? [...others, [call, now]] : others, undefined];
      }),
  };
}

function waitFor([limit, span]: RateSpan, ledger: Ledger, now: number): number {
  const counted = ledger.map(([, at]) => at).filter((at) => at > now - span);
  if (counted.length < limit) return 0;
  const last = counted.sort((a, b) => b - a)[limit - 1] ?? now;
  return Math.max(1, Math.min(last, now) + span - now);
}

/** What another script wrote there, or a clock that was set back, must not hold calls up for good. */
function read(storage: Storage, quota: string, now: number): Ledger {
  try {
    const ledger: unknown = JSON.parse(storage.getItem(`oakford-aisp:${quota}`) ?? '[]');
    if (!Array.isArray(ledger)) return [];
    return ledger.filter(
      (entry) => typeof entry?.[0] === 'string' && typeof entry[1] === 'number' && entry[1] < now + LONGEST,
    );
  } catch {
    return [];
  }
}

function localStorageHere(): Storage | undefined {
  try {
    return (globalThis as { localStorage?: Storage }).localStorage;
  } catch {
    // Forbidden, in a sandboxed frame.
    return undefined;
  }
}
