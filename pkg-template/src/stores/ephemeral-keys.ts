/**
 * Ephemeral keys: short-lived entries that the SDK stores beside the sessions. `used:…` says that an authorization was completed,
 * `lease:…` that a refresh is under way. Their values open with their expiry in milliseconds since the epoch, after which a store
 * may delete them. They hold no secret.
 */

const EPHEMERAL = /^(?:used|lease):/;

/** Returns whether the entry of `key` expires. */
export function isEphemeral(key: string): boolean {
  return EPHEMERAL.test(key);
}

/** Returns the instant after which an ephemeral entry may be deleted. */
export function expiryOf(value: string): number {
  return Number.parseInt(value, 10) || 0;
}
