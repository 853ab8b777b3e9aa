// Checks options of `startSandbox` that a caller can get wrong.

/** @typedef {import('../types/testing.d.ts').RefreshTokenMode} RefreshTokenMode */

/** An option that can't be used, and why. */
export class OptionError extends TypeError {}

/** @type {readonly RefreshTokenMode[]} */
const REFRESH_TOKEN_MODES = ['rotate', 'grace', 'keep'];

/** @param {string} [mode] @returns {RefreshTokenMode} */
export function refreshTokenMode(mode = 'rotate') {
  const known = REFRESH_TOKEN_MODES.find((each) => each === mode);
  if (known === undefined)
    throw new OptionError(`refreshTokens must be one of ${REFRESH_TOKEN_MODES.join(', ')}, got "${mode}"`);
  return known;
}
