// The frame of the pages that a customer sees: header, content, footer, and a content security policy that allows no script.
import { html } from './html.js';

export const THEME_PATH = '/connect/assets/theme.css';
export const STYLESHEET_PATH = '/connect/assets/connect.css';

/** @typedef {{ id: string, name: string, mark: string }} Owner whose page it is */

/** @type {Owner} */
const OAKFORD = { id: 'oakford', name: 'Oakford', mark: '◆' };

/**
 * @param {import('koa').Context} ctx
 * @param {{ title: string, content: import('./html.js').Html, bank?: Owner | undefined, formTargets?: string[] }} page
 *   `formTargets`: origins that a form of this page may lead to by redirect
 */
export function sendPage(ctx, { title, content, bank = OAKFORD, formTargets = [] }) {
  ctx.type = 'html';
  ctx.set('Content-Security-Policy', policy(formTargets));
  ctx.set('Referrer-Policy', 'no-referrer');
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Cache-Control', 'no-store');
  ctx.body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${bank.name} (sandbox)</title>
<link rel="stylesheet" href="${THEME_PATH}">
<link rel="stylesheet" href="${STYLESHEET_PATH}">
<link rel="icon" href="data:,">
</head>
<body class="bank-${bank.id}">
<header class="top"><div><p class="brand">${mark(bank)} ${bank.name}</p><p class="badge">Sandbox</p></div></header>
<main>
${content}
</main>
<footer><p>This is a sandbox with invented customers. Never enter details of a real bank here.</p></footer>
</body>
</html>`.toString();
}

/** @param {Owner} owner @returns {import('./html.js').Html} its logo, a letter or two on its colour */
export function mark(owner) {
  return html`<span class="mark bank-${owner.id}" aria-hidden="true">${owner.mark}</span>`;
}

/** @param {string[]} formTargets */
function policy(formTargets) {
  return [
    "default-src 'none'",
    "style-src 'self'",
    'img-src data:',
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * Chromium applies `form-action` to the redirects after a form too, so the client's address has to be named.
 * @param {unknown} uri
 * @returns {string[]}
 */
export function formTarget(uri) {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return [];
  const { origin, protocol, hostname } = new URL(uri);
  // A policy can't name an IPv6 address or an app's own scheme with a host: the scheme alone has to do.
  return [origin === 'null' || hostname.startsWith('[') ? protocol : origin];
}
