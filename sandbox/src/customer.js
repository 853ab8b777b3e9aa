// A customer without a browser: walks the real authorization pages over HTTP, with cookies.
import { CookieJar } from 'tough-cookie';
import { DEMO_BANK_ID } from './data/banks.js';
import { ONE_TIME_CODE } from './oauth/connect-steps.js';

/** @typedef {import('../types/testing.d.ts').ApproveOptions} ApproveOptions */
/** @typedef {import('../types/testing.d.ts').Address} Address */
/** @typedef {import('../types/testing.d.ts').DemoUser} DemoUser */

const STEPS = 20;

/**
 * @param {string | Address} authorizationUrl
 * @param {ApproveOptions} [options]
 */
export function approve(authorizationUrl, options = {}) {
  return walk(authorizationUrl, options, 'approve');
}

/**
 * @param {string | Address} authorizationUrl
 * @param {ApproveOptions} [options]
 */
export function deny(authorizationUrl, options = {}) {
  return walk(authorizationUrl, options, 'deny');
}

/**
 * @param {string | Address} start
 * @param {ApproveOptions} options
 * @param {'approve' | 'deny'} decision
 * @returns {Promise<string>}
 */
async function walk(start, options, decision) {
  const jar = new CookieJar();
  let url = typeof start === 'string' ? start : start.href;
  const { origin } = new URL(url);
  const { users } = await (await fetch(new URL('/_sandbox/info', origin))).json();
  const forms = answers(users, options, decision);
  let response = await visit(url, jar);
  for (let step = 0; step < STEPS; step += 1) {
    const location = response.headers.get('location');
    if (location) {
      url = new URL(location, url).href;
      if (new URL(url).origin !== origin) return url;
      response = await visit(url, jar);
      continue;
    }
    const page = await response.text();
    const name = new URL(url).pathname.match(/^\/connect\/[^/]+\/([^/]+)$/)?.[1] ?? '';
    const form = forms.get(name);
    // Each page is answered once: the same page again means that the answer was not taken.
    if (!response.ok || !form)
      throw new Error(`the authorization stopped at ${new URL(url).pathname}: ${gist(page)}`);
    forms.delete(name);
    response = await visit(url, jar, form(page));
  }
  throw new Error(`the authorization did not end within ${STEPS} steps`);
}

/**
 * @param {DemoUser[]} users
 * @param {ApproveOptions} options
 * @param {'approve' | 'deny'} decision
 * @returns {Map<string, (page: string) => URLSearchParams>} what the customer fills in, by page
 */
function answers(users, { user = users[0]?.username ?? '', bank = DEMO_BANK_ID, ...options }, decision) {
  const secret = options.password ?? users.find(({ username }) => username === user)?.password ?? '';
  /** @type {(page: string) => string[]} */
  const tick = (page) => options.accounts ?? offered(page);
  /** @type {[string, (page: string) => URLSearchParams][]} */
  const forms = [
    ['bank', () => new URLSearchParams({ bank })],
    ['login', () => new URLSearchParams({ username: user, password: secret })],
    ['code', () => new URLSearchParams({ code: options.code ?? ONE_TIME_CODE })],
    ['accounts', (page) => new URLSearchParams(tick(page).map((id) => ['account', id]))],
    ['consent', () => new URLSearchParams({ decision })],
  ];
  return new Map(forms);
}

/** @param {string} page @returns {string[]} the accounts that can be ticked on it */
function offered(page) {
  return [...page.matchAll(/name="account" value="([^"]+)"/g)].map(([, id = '']) => id);
}

/**
 * @param {string} url
 * @param {CookieJar} jar
 * @param {URLSearchParams} [form]
 */
async function visit(url, jar, form) {
  const cookie = await jar.getCookieString(url);
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) },
    ...(form ? { method: 'POST', body: form } : {}),
  });
  for (const set of response.headers.getSetCookie()) await jar.setCookie(set, url);
  return response;
}

/** @param {string} page @returns {string} what a page says, for an error message */
function gist(page) {
  const said = page.match(/<main>([\s\S]*?)(<form|<\/main>)/)?.[1] ?? page;
  return said
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
