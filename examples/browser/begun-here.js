// Which tab began a connection: a bank's app often brings the customer back in another one.
import { callbackUrl } from './callback.js';

const NAME = 'oakford.begun';

/** Remembers in this tab alone that it began the connection with this state. */
export function rememberBegun(begun) {
  sessionStorage.setItem(NAME, begun);
}

const state = sessionStorage.getItem(NAME);
if (callbackUrl !== null) sessionStorage.removeItem(NAME);

/** Whether the customer has just come back, and began in another tab. */
export const isFromAnotherTab =
  callbackUrl !== null && new URL(callbackUrl).searchParams.get('state') !== state;
