// Opaque cursors: where the next page starts, and a seal over the parameters it belongs to.
import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiProblem } from './errors.js';

/**
 * @param {string} key where the last page ended
 * @param {unknown[]} bound what must be sent again unchanged
 */
export function writeCursor(key, bound) {
  return Buffer.concat([seal(key, bound), Buffer.from(key)]).toString('base64url');
}

/**
 * @param {string | undefined} cursor
 * @param {unknown[]} bound
 * @returns {string | undefined}
 */
export function readCursor(cursor, bound) {
  if (cursor === undefined) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const key = bytes.subarray(SEAL_LENGTH).toString();
  const intact =
    bytes.length > SEAL_LENGTH &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(bytes.subarray(0, SEAL_LENGTH), seal(key, bound));
  if (!intact) {
    throw new ApiProblem(
      400,
      'invalid_cursor',
      'The cursor is unknown, or other parameters changed since it was given',
    );
  }
  return key;
}

const SEAL_LENGTH = 12;

/** @param {string} key @param {unknown[]} bound */
function seal(key, bound) {
  return createHash('sha256')
    .update(JSON.stringify([key, ...bound.map((value) => value ?? null)]))
    .digest()
    .subarray(0, SEAL_LENGTH);
}
