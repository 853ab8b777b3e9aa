/** The errors of promises that must reject. */

/** Returns the error that `work`, a promise or a function that makes one, rejects with. */
export async function rejection(work) {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('The promise was fulfilled instead of rejected.');
}

/** Returns what callers decide by: name, code, retryable, reauthRequired, requestSent. */
export const factsOf = ({ name, code, retryable, reauthRequired, requestSent }) => [
  name,
  code,
  retryable,
  reauthRequired,
  requestSent,
];
