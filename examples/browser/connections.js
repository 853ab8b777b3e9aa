// The connections to the customer's banks: each is a session of the SDK under a key of its own.
import { callbackUrl } from './callback.js';
import { client } from './client.js';
import { addKey, keys, removeKey } from './keys.js';
import { traced } from './traced.js';

const PENDING = 'oakford.pending';

/** What was begun before the customer came back: `{ key, pending }`; null where they don't come back, or began elsewhere. */
const begun = callbackUrl === null ? null : takePending();

/** Whether the customer has just come back from the bank. */
export const isReturning = callbackUrl !== null;

/** The key of the connection that the customer comes back for. */
export const returningKey = begun?.key;

/** Sends the customer to their bank; under a key that has a session, its access is renewed. */
export async function connect(key = crypto.randomUUID()) {
  const { url, pending } = await traced(await client(), 'client').beginAuthorization();
  // This tab comes back by another page load, and no other tab may complete what it began.
  sessionStorage.setItem(PENDING, JSON.stringify({ key, pending }));
  location.assign(url);
}

/** Completes the connection that the customer comes back for. */
export async function complete() {
  if (begun === null) throw new BegunElsewhere();
  const { key, pending } = begun;
  await traced(await client(), 'client').completeAuthorization(callbackUrl, pending, { key });
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

/** The callback was opened where no authorization had begun. */
class BegunElsewhere extends Error {
  code = 'begun_elsewhere';
}

/** What `connect` kept; it serves once. */
function takePending() {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text === null ? null : JSON.parse(text);
}
