// Checks options of `startSandbox` that a caller can get wrong.

import { millisecondsOf } from './clock.js';

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

/**
 * Where the clock starts: at `now`, else where the environment says, else (undefined) at the machine's time.
 * @param {string | Date} [now]
 */
export function startTime(now) {
  const start = now ?? (process.env.AISP_SANDBOX_NOW || undefined);
  try {
    if (start !== undefined) millisecondsOf(start);
  } catch (problem) {
    const name = now === undefined ? 'AISP_SANDBOX_NOW' : 'now';
    throw new OptionError(`${name}: ${/** @type {Error} */ (problem).message}`);
  }
  return start;
}
