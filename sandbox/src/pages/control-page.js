// The control page: what a person sees under `/_sandbox`. Its script fills in whatever changes.
import { html } from './html.js';

/** @typedef {import('./html.js').Html} Html */
/** @typedef {Pick<import('../../types/testing.d.ts').Sandbox, 'issuer' | 'baseUrl' | 'clients'>} Info */

const ASSETS = '/_sandbox/assets';
const HOUR = 3600;
const DAY = 24 * HOUR;
const MOVES = /** @type {const} */ ([
  ['+1 hour', HOUR],
  ['+1 day', DAY],
  ['+30 days', 30 * DAY],
  ['+91 days', 91 * DAY],
]);

/**
 * @param {import('koa').Context} ctx
 * @param {{ info: Info, code: string }} view
 */
export function sendControlPage(ctx, { info, code }) {
  ctx.type = 'html';
  ctx.set({
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  ctx.body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Oakford sandbox</title>
<link rel="stylesheet" href="${ASSETS}/theme.css">
<link rel="stylesheet" href="${ASSETS}/control.css">
<link rel="icon" href="data:,">
<script type="module" src="${ASSETS}/main.js"></script>
</head>
<body>
<header>
<h1>Oakford sandbox</h1>
<p class="address"><code>${info.baseUrl}</code></p>
<p id="live" role="status">Connecting …</p>
</header>
<noscript><p class="card">This page needs JavaScript. The same controls are there over HTTP: see “Controls over HTTP” in the sandbox’s README.</p></noscript>
<p id="problem" role="alert" hidden></p>
<main>
<section class="card requests" aria-labelledby="requests-title">
<div class="head">
<h2 id="requests-title">Requests</h2>
<div class="buttons">
<label for="requests-kind" class="hidden">Which requests</label>
<select id="requests-kind"><option value="">All</option><option value="/aisp/">API calls</option><option value="/oauth/">OAuth calls</option></select>
<button class="quiet" id="requests-pause" aria-pressed="false">Pause</button>
<button class="quiet" id="requests-clear">Clear</button>
</div>
</div>
<p id="no-requests" class="soft">None yet. They appear here as they come; tokens and secrets are shown as marks that tell equal ones from others.</p>
<ol id="requests"></ol>
</section>
<div class="panels">
<section class="card" aria-labelledby="scenario-title">
<h2 id="scenario-title">Scenario</h2>
<form id="scenario">
<label for="scenario-name" class="hidden">Scenario</label>
<select id="scenario-name" aria-describedby="scenario-text"></select>
<button>Load</button>
</form>
<p id="scenario-text" class="soft"></p>
<p id="scenario-now"></p>
</section>
<section class="card" aria-labelledby="clock-title">
<h2 id="clock-title">Clock</h2>
<p class="time"><time id="clock-now">–</time> <span id="clock-offset" class="soft"></span></p>
<div class="buttons">${MOVES.map(([name, seconds]) => html`<button class="quiet" data-advance="${seconds}">${name}</button>`)}
<button class="quiet" id="clock-reset">Back to now</button></div>
<form id="clock-set">
<label for="clock-time">Set to (UTC)</label>
<input id="clock-time" type="datetime-local" required>
<button class="quiet">Set</button>
</form>
</section>
<section class="card" aria-labelledby="faults-title">
<h2 id="faults-title">Faults</h2>
<ul id="fault-kinds" class="rows"></ul>
<h3>Planned</h3>
<ul id="faults" class="rows"></ul>
<p id="no-faults" class="soft">None: every request is answered as it should be.</p>
<div class="buttons"><button class="quiet" id="faults-clear" hidden>Remove all</button></div>
</section>
<section class="card" aria-labelledby="consents-title">
<h2 id="consents-title">Consents</h2>
<ul id="consents" class="rows"></ul>
<p id="no-consents" class="soft">None yet: connect an app.</p>
</section>
<section class="card" aria-labelledby="limits-title">
<h2 id="limits-title">Rate limits</h2>
<ul id="limits" class="rows"></ul>
<p id="no-limits" class="soft"></p>
</section>
<section class="card" aria-labelledby="who-title">
<h2 id="who-title">To connect with</h2>
${logins(info, code)}
</section>
</div>
</main>
</body>
</html>`.toString();
}

/** @param {Info} info @param {string} code @returns {Html} */
function logins({ issuer, clients }, code) {
  const clientRows = Object.values(clients).map(
    ({ clientId, clientSecret, authMethod }) =>
      html`<tr><td><code>${clientId}</code></td><td>${clientSecret ? html`<code>${clientSecret}</code>` : authMethod}</td></tr>`,
  );
  return html`<dl>
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>One-time code</dt><dd><code>${code}</code></dd>
</dl>
<table><thead><tr><th scope="col">User name</th><th scope="col">Password</th></tr></thead><tbody id="users"></tbody></table>
<table><thead><tr><th scope="col">Client id</th><th scope="col">Secret</th></tr></thead><tbody>${clientRows}</tbody></table>`;
}
