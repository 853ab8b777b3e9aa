// The connection to the customer's bank: where it begins, where it is completed, where it ends.
import { createClient } from '@oakford/aisp';
import { callbackUrl } from './callback.js';
import { configuration } from './configuration.js';

const PENDING = 'oakford.pending';

let made;

function client() {
  made ??= createClient({
    environment: { baseUrl: configuration.baseUrl },
    clientId: configuration.clientId,
    redirectUri: new URL('.', location.href).href,
  });
  return made;
}

/** Sends the customer to their bank. */
export async function connect() {
  const { url, pending } = await (await client()).beginAuthorization();
  // This tab comes back by another page load, and no other tab may complete what it began.
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  location.assign(url);
}

/** The session that this page load belongs to: of a callback, or one that the token store holds; else null. */
export async function resume() {
  if (callbackUrl === null) return (await client()).session();
  const pending = takePending();
  if (pending === null) throw new BegunElsewhere();
  return (await client()).completeAuthorization(callbackUrl, pending);
}

/** Whether the customer has just come back from the bank. */
export const isReturning = callbackUrl !== null;

/** The callback was opened where no authorization had begun. */
export class BegunElsewhere extends Error {
  code = 'begun_elsewhere';
}

/** What `connect` kept; it serves once. */
function takePending() {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text === null ? null : JSON.parse(text);
}
