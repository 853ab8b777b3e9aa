/**
 * Marks: short-lived values that the SDK keeps beside the sessions. `used:…` says that an authorization was completed,
 * `lease:…` that a refresh is under way. Their values open with the instant, in milliseconds since the epoch, from which a
 * store may forget them. They hold no secret.
 */

const MARK = /^(?:used|lease):/;

/** Whether the key is a mark's. */
export function isMark(key: string): boolean {
  return MARK.test(key);
}

/** From when a mark may be forgotten. */
export function endOfMark(value: string): number {
  return Number.parseInt(value, 10) || 0;
}
