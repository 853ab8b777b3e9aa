/** Abort signals of the application: one listener for each, however many calls wait for it. */

import { configurationError } from './errors.js';
import { quietly } from './guard.js';
import type { AbortSignalLike } from './options.js';

interface Watched {
  readonly ends: Set<() => void>;
  readonly listener: () => void;
}

/** Node warns about more than ten listeners on one signal. */
const watched = new WeakMap<AbortSignalLike, Watched>();

/**
 * Calls `end` once, when `signal` aborts or if it has aborted. Returns the function that calls it off.
 *
 * @throws ConfigurationError where the signal can't be listened to.
 */
export function watch(signal: AbortSignalLike, end: () => void): () => void {
  try {
    if (signal.aborted) {
      end();
      return () => {};
    }
    const known = watched.get(signal);
    const entry = known ?? newEntry(signal);
    entry.ends.add(end);
    if (!known) signal.addEventListener('abort', entry.listener, { once: true });
    return () => leave(signal, entry, end);
  } catch {
    watched.delete(signal);
    throw configurationError('signal', 'an AbortSignal', 'an object that throws');
  }
}

/** Why the signal aborted; where it does not say so, what it throws. */
export function reasonOf(signal: AbortSignalLike | undefined): unknown {
  try {
    return signal?.reason;
  } catch (error) {
    return error;
  }
}

function newEntry(signal: AbortSignalLike): Watched {
  const ends = new Set<() => void>();
  const listener = () => {
    forget(signal, listener);
    for (const end of ends) end();
  };
  const entry = { ends, listener };
  watched.set(signal, entry);
  return entry;
}

function leave(signal: AbortSignalLike, { ends, listener }: Watched, end: () => void): void {
  ends.delete(end);
  if (ends.size === 0 && watched.get(signal)?.ends === ends) forget(signal, listener);
}

function forget(signal: AbortSignalLike, listener: () => void): void {
  watched.delete(signal);
  quietly(() => signal.removeEventListener('abort', listener));
}
