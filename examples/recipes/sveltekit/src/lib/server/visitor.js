// What the server knows of a visitor. The cookie holds nothing but a random name: `pending` is secret, and stays here.
import { randomUUID } from 'node:crypto';

const NAME = 'visitor';

/** In one process. Several share the store that your sessions are in. */
const visitors = new Map();

/** The visitor whom the cookie names; an empty one if nobody is known. */
export function visitorOf(cookies) {
  return visitors.get(cookies.get(NAME)) ?? {};
}

/** Remembers `changes` of the visitor. */
export function remember(cookies, changes) {
  const id = visitors.has(cookies.get(NAME)) ? cookies.get(NAME) : randomUUID();
  visitors.set(id, { ...visitors.get(id), ...changes });
  // HttpOnly and SameSite=Lax are SvelteKit's defaults, and Secure where the site is served over https.
  cookies.set(NAME, id, { path: '/' });
}

/** A path of this site; `/` in place of everything else, so that nobody is sent to another site. */
export function ownPath(path, { origin }) {
  if (typeof path !== 'string' || !/^\/(?![/\\])/.test(path)) return '/';
  const url = new URL(path, origin);
  const ownUrl = url.origin === origin && !url.pathname.startsWith('//');
  return ownUrl ? url.pathname + url.search : '/';
}
