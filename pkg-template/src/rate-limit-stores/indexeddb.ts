/** A rate limit store in IndexedDB, shared by the tabs of an origin: transactions run one after another across tabs. */

import { IndexedDatabase, result } from '../indexed-database.js';
import type { RateWindow } from '../options.js';

/** No window of a limit is longer than a day. */
const LONGEST = 86_400_000;

/** The calls of a quota: each with the instant of its response, or before that with the end of its lease. */
type Log = [call: string, at: number][];

const database = new IndexedDatabase('oakford-aisp-limits', 'ledgers');

/** `RateLimitStore.acquire`. */
export function acquire(
  quota: string,
  windows: readonly RateWindow[],
  call: string,
  leaseMs: number,
): Promise<number> {
  return update(quota, (log, now) => {
    const wait = Math.max(0, ...windows.map((window) => waitFor(window, log, now)));
    if (wait > 0) return [log, wait];
    const longest = Math.max(0, ...windows.map(([, ms]) => ms));
    const counted = log.filter(([, at]) => at > now - longest);
    return [[...counted, [call, now + leaseMs]], 0];
  });
}

/** `RateLimitStore.release`. */
export function release(quota: string, call: string, sent: boolean): Promise<void> {
  return update(quota, (log, now) => {
    const others = log.filter(([other]) => other !== call);
    const known = others.length < log.length;
    return [known && sent ? [...others, [call, now]] : others, undefined];
  });
}

function waitFor([limit, ms]: RateWindow, log: Log, now: number): number {
  const counted = log.map(([, at]) => at).filter((at) => at > now - ms);
  if (counted.length < limit) return 0;
  const last = counted.sort((a, b) => b - a)[limit - 1] ?? now;
  return Math.max(1, Math.min(last, now) + ms - now);
}

function update<T>(quota: string, change: (log: Log, now: number) => [Log, T]): Promise<T> {
  return database.run('readwrite', async (table) => {
    const found = await result<Log | undefined>(table.get(quota));
    const now = Date.now();
    // A clock that was set back must not block calls for ever.
    const sound = (found ?? []).filter(([, at]) => at < now + LONGEST);
    const [log, value] = change(sound, now);
    table.put(log, quota);
    return value;
  });
}
