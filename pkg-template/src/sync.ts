/** The result of `session.sync`: what changed in an account's transactions since a checkpoint. */

import type { Transaction } from './generated/models.js';
import type { CallOptions } from './options.js';

/** What `sync` takes. */
export interface SyncOptions extends CallOptions {
  /** The checkpoint that the last sync of this account gave; without it everything is `added`. */
  checkpoint?: string | undefined;
}

/** What changed. Delete `removed`, then store `added` and `updated` by their `key`. */
export interface SyncResult {
  /** Rows that are new. */
  added: Transaction[];
  /** Rows whose content changed, and bookings of rows that were pending. */
  updated: Transaction[];
  /** Keys of rows that are gone, also of pending rows whose booking has another key. */
  removed: string[];
  /** Which row took the place of a removed one, so that what hangs on the old key can move to the new. */
  replaced: {
    /** The key that is gone. */
    key: string;
    /** The key that took its place. */
    by: string;
  }[];
  /** For the next sync: a string of fingerprints, without names, account numbers and amounts. Store it with the rows. */
  checkpoint: string;
}

/** The result of a sync in the core: indexes into the rows of all pages. */
interface Outcome {
  added: number[];
  updated: number[];
  removed: string[];
  replaced: { key: string; row: number }[];
  checkpoint: string;
}

/** Puts the rows in the place of their indexes. */
export function synced(
  pages: Transaction[][],
  { added, updated, removed, replaced, checkpoint }: Outcome,
): SyncResult {
  const rows = pages.flat();
  const at = (index: number) => rows[index] as Transaction;
  return {
    added: added.map(at),
    updated: updated.map(at),
    removed,
    replaced: replaced.map(({ key, row }) => ({ key, by: at(row).key })),
    checkpoint,
  };
}
