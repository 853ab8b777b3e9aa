// The frame of every page: header, card, footer, and a content security policy that allows no script.
import { html } from './html.js';

export const STYLESHEET_PATH = '/connect/assets/style.css';

/**
 * @param {import('koa').Context} ctx
 * @param {{ title: string, content: import('./html.js').Html, bank?: string | undefined, formTargets?: string[] }} page
 *   `formTargets`: origins that a form of this page may lead to by redirect
 */
export function sendPage(ctx, { title, content, bank, formTargets = [] }) {
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
<title>${title} · Oakford sandbox</title>
<link rel="stylesheet" href="${STYLESHEET_PATH}">
<link rel="icon" href="data:,">
</head>
<body>
<header class="top"><p class="brand"><span aria-hidden="true" class="mark">◆</span> ${bank ?? 'Oakford'}</p>
<p class="badge">Sandbox</p></header>
<main>
${content}
</main>
<footer><p>This is a sandbox with invented customers. Never enter details of a real bank here.</p></footer>
</body>
</html>`.toString();
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
