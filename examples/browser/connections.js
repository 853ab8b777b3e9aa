// The connections to the customer's banks: each is a session of the SDK under a key of its own.
import { pendingStore } from '@oakford/aisp';
import { rememberBegun } from './begun-here.js';
import { callbackUrl } from './callback.js';
import { client } from './client.js';
import { addKey, keys, removeKey } from './keys.js';
import { traced } from './traced.js';

/** Shared by all tabs, because a bank's app often brings the customer back in a new one. */
const pendings = pendingStore();

/** Whether the customer has just come back from the bank. */
export const isReturning = callbackUrl !== null;

/** Sends the customer to their bank; under a key that has a session, its access is renewed. */
export async function connect(key = crypto.randomUUID()) {
  const { url, pending } = await traced(await client(), 'client').beginAuthorization();
  // The session's key comes back with it.
  await pendings.save({ ...pending, key });
  rememberBegun(pending.state);
  location.assign(url);
}

/** Returns what was begun before the customer came back, with the `key` of its connection. It serves once. */
export async function takeBegun() {
  const begun = await pendings.take(callbackUrl);
  if (begun === null) throw new NothingBegun();
  return begun;
}

/** Completes the connection that the customer comes back for. */
export async function complete(begun) {
  const { key } = begun;
  await traced(await client(), 'client').completeAuthorization(callbackUrl, begun, { key });
  addKey(key);
}

/** The sessions of all connections. */
export async function sessions() {
  const found = [];
  for (const key of keys()) {
    const session = await (await client()).session(key);
    if (session) found.push(traced(session, 'session'));
    else removeKey(key);
  }
  return found;
}

/** Ends a connection, at the bank too. */
export async function disconnect(session) {
  await session.revoke();
  removeKey(session.key);
}

/** The callback belongs to nothing that this browser began, or it came too late. */
class NothingBegun extends Error {
  code = 'nothing_begun';
}
