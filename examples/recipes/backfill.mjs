// Reads an account's whole history in the background, within the rate limit, and goes on where it was interrupted.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Gives every page from `dateFrom` to `dateTo` to `save`, the newest first. The checkpoint of the next page is kept in `file` until
 * all is done. `show` gets the part that is done, from 0 to 1.
 */
export async function backfill(session, accountId, { dateFrom, dateTo, file, save, show, signal }) {
  const checkpoint = await readFile(file, 'utf8').catch(() => undefined);
  // Calls for people who wait go first. A page may wait for its turn longer than two minutes, which is the default deadline.
  const call = { priority: 'background', deadlineMs: 600_000, signal };
  const pages = session
    .transactions(accountId, { dateFrom, dateTo, limit: 500, checkpoint, ...call })
    .pages();
  for await (const { items, checkpoint: next } of pages) {
    await save(items);
    if (next !== undefined) await keep(file, next);
    show(partOf(items, dateFrom, dateTo));
  }
  await rm(file, { force: true });
  show(1);
}

/** The rows come newest first: the date of the last one says how far the work is. */
function partOf(items, dateFrom, dateTo) {
  const [from, to, at] = [dateFrom, dateTo, items.at(-1)?.bookingDate].map((date) => Date.parse(date));
  const part = (to - at) / (to - from);
  return Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
}

/** A crash leaves the old checkpoint or the new one. */
async function keep(file, checkpoint) {
  await writeFile(`${file}.new`, checkpoint, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
