/** A rate limit that the tabs of an origin share, counted in IndexedDB: its transactions follow one another across tabs. */

import type { RateSpan } from '../options.js';

const DATABASE = 'oakford-aisp-limits';
const TABLE = 'ledgers';
/** No window of a limit is longer than a day. */
const LONGEST = 86_400_000;

/** The calls of an origin: each with the instant of its answer, or the end of its lease. */
type Ledger = [call: string, at: number][];

let opened: Promise<IDBDatabase> | undefined;

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

async function update<T>(quota: string, change: (ledger: Ledger, now: number) => [Ledger, T]): Promise<T> {
  opened ??= open();
  const table = (await opened).transaction(TABLE, 'readwrite').objectStore(TABLE);
  return new Promise((resolve, reject) => {
    const reading: IDBRequest<Ledger | undefined> = table.get(quota);
    reading.onerror = () => reject(reading.error);
    reading.onsuccess = () => {
      const now = Date.now();
      // A clock that was set back must not hold calls up for good.
      const sound = (reading.result ?? []).filter(([, at]) => at < now + LONGEST);
      const [ledger, told] = change(sound, now);
      table.put(ledger, quota);
      table.transaction.oncomplete = () => resolve(told);
      table.transaction.onabort = () => reject(table.transaction.error);
    };
  });
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    const closed = () => {
      opened = undefined;
    };
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    opening.onerror = () => {
      closed();
      reject(opening.error);
    };
    opening.onsuccess = () => {
      // The user cleared the site's data, or somebody deletes the database.
      opening.result.onclose = closed;
      opening.result.onversionchange = () => {
        opening.result.close();
        closed();
      };
      resolve(opening.result);
    };
  });
}
