/** A rate limit that the tabs of an origin share, counted in IndexedDB: its transactions follow one another across tabs. */

import { IndexedDatabase, result } from '../indexed-database.js';
import type { RateSpan } from '../options.js';

/** No window of a limit is longer than a day. */
const LONGEST = 86_400_000;

/** The calls of an origin: each with the instant of its answer, or the end of its lease. */
type Ledger = [call: string, at: number][];

const database = new IndexedDatabase('oakford-aisp-limits', 'ledgers');

/** As a token store's `reserve`. */
export function reserve(
  quota: string,
  spans: readonly RateSpan[],
  call: string,
  leaseMs: number,
): Promise<number> {
  return update(quota, (ledger, now) => {
    const wait = Math.max(0, ...spans.map((span) => waitFor(span, ledger, now)));
    if (wait > 0) return [ledger, wait];
    const longest = Math.max(0, ...spans.map(([, ms]) => ms));
    const counted = ledger.filter(([, at]) => at > now - longest);
    return [[...counted, [call, now + leaseMs]], 0];
  });
}

/** As a token store's `settle`. */
export function settle(quota: string, call: string, sent: boolean): Promise<void> {
  return update(quota, (ledger, now) => {
    const others = ledger.filter(([other]) => other !== call);
    const known = others.length < ledger.length;
    return [known && sent ? [...others, [call, now]] : others, undefined];
  });
}

function waitFor([limit, span]: RateSpan, ledger: Ledger, now: number): number {
  const counted = ledger.map(([, at]) => at).filter((at) => at > now - span);
  if (counted.length < limit) return 0;
  const last = counted.sort((a, b) => b - a)[limit - 1] ?? now;
  return Math.max(1, Math.min(last, now) + span - now);
}

function update<T>(quota: string, change: (ledger: Ledger, now: number) => [Ledger, T]): Promise<T> {
  return database.run('readwrite', async (table) => {
    const found = await result<Ledger | undefined>(table.get(quota));
    const now = Date.now();
    // A clock that was set back must not hold calls up for good.
    const sound = (found ?? []).filter(([, at]) => at < now + LONGEST);
    const [ledger, value] = change(sound, now);
    table.put(ledger, quota);
    return value;
  });
}
