// The provider's own pages in our look: errors that can't go back to the client, logout.
import { Html, html } from './html.js';
import { formTarget, sendPage } from './layout.js';

/**
 * @param {import('oidc-provider').KoaContextWithOIDC} ctx
 * @param {import('oidc-provider').ErrorOut} out
 */
export function errorPage(ctx, out) {
  const rows = Object.entries(out).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  sendPage(ctx, {
    title: 'This request can’t be served',
    content: html`<div class="card"><h1>This request can’t be served</h1>
<p role="alert">Nothing was sent to the app, because the request itself was not in order.</p>
<dl class="facts">${rows}</dl></div>`,
  });
}

/**
 * @param {import('oidc-provider').KoaContextWithOIDC} ctx
 * @param {string} form the provider's form with its protection against forged requests
 */
export function logoutPage(ctx, form) {
  sendPage(ctx, {
    title: 'Log out',
    formTargets: formTarget(ctx.oidc.params?.post_logout_redirect_uri),
    content: html`<div class="card"><h1>Log out</h1>
<p>Do you want to log out of the Oakford sandbox?</p>
${new Html(form)}
<div class="actions">
<button form="op.logoutForm" name="logout" value="yes">Log out</button>
<button form="op.logoutForm" class="quiet">Stay logged in</button>
</div></div>`,
  });
}

/** @param {import('oidc-provider').KoaContextWithOIDC} ctx */
export function loggedOutPage(ctx) {
  sendPage(ctx, {
    title: 'Logged out',
    content: html`<div class="card"><h1>Logged out</h1><p>You have logged out of the Oakford sandbox.</p></div>`,
  });
}
