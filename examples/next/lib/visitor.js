// The visitor: the cookie, and what another site must not do in the visitor's name.
import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';

export const ORIGIN = process.env.APP_ORIGIN ?? 'http://localhost:3000';

/** The visitor's cookie: encrypted, out of reach of scripts, and sent along when the bank sends the customer back. */
export async function visitor() {
  return getIronSession(await cookies(), {
    cookieName: 'app',
    password: process.env.COOKIE_PASSWORD, // 32 characters or more, the same on every server
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: ORIGIN.startsWith('https:'), path: '/' },
  });
}

/** CSRF: whether a form came from a page of this site. */
export const isOwnForm = (request) => request.headers.get('origin') === ORIGIN;

/** The answer to a form of another site. */
export const foreignForm = () => new Response('This form belongs to another site.', { status: 403 });

/** Open redirects: only a path of this site is a place to return to. */
export function ownPath(path) {
  if (typeof path !== 'string' || !URL.canParse(path, ORIGIN)) return '/';
  const { origin, pathname, search } = new URL(path, ORIGIN);
  return origin === ORIGIN && !pathname.startsWith('//') ? pathname + search : '/';
}

/** Sends the visitor on, by GET. */
export const seeOther = (place) => Response.redirect(new URL(place, ORIGIN), 303);
