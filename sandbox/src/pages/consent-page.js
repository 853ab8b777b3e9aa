// The last page of a connection: who may read what, from when to when, and how to end it.

import { ACTIONS } from '../oauth/rich-requests.js';
import { steps } from './connect-pages.js';
import { html } from './html.js';

const SHARED = {
  list_accounts: 'Account names, numbers and holder',
  read_balances: 'Balances',
  read_transactions: 'Transactions',
};

/**
 * @param {import('./connect-pages.js').Common & { bank: import('../data/banks.js').Bank, accounts: import('./connect-pages.js').Choice[], from: Date, until: Date, lasting: boolean, wish: import('../oauth/rich-requests.js').Wish }} view
 * @returns {import('./html.js').Html}
 */
export function consentPage({ client, codeNeeded, bank, accounts, from, until, lasting, wish }) {
  return html`${steps('Confirm', codeNeeded)}
<div class="card">
<h1>Confirm access</h1>
<p class="lead"><strong>${client}</strong> asks to read these accounts at <strong>${bank.name}</strong>.</p>
<div class="summary">
<section aria-labelledby="what"><h2 id="what">What is shared</h2>
<ul class="shared">
${wish.actions.map((action) => html`<li>${SHARED[action]}</li>`)}
</ul>
<p class="detail">${wish.actions.length < ACTIONS.length && 'Nothing else was asked for. '}It can’t make payments.</p></section>
<section aria-labelledby="accounts"><h2 id="accounts">From ${accounts.length === 1 ? 'this account' : `these ${accounts.length} accounts`}</h2>
<ul>${accounts.map(
    ({ label, detail }) =>
      html`<li><span class="name"><bdi>${label}</bdi></span> <span class="detail">${detail}</span></li>`,
  )}</ul></section>
<section aria-labelledby="when"><h2 id="when">For how long</h2>
<dl class="facts">
<dt>From</dt><dd>${date(from)}</dd>
<dt>Until</dt><dd>${date(until)}</dd>
<dt>When you are away</dt><dd>${lasting ? 'Yes, until the consent ends' : 'No'}</dd>
</dl></section>
<section aria-labelledby="end"><h2 id="end">How to end it sooner</h2>
<p>Disconnect in ${client}, or withdraw the consent here at your bank, at any time and without giving a reason.</p></section>
</div>
<form method="post">
<div class="actions">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="deny" class="quiet" formnovalidate>Deny</button>
</div>
</form>
<p class="back"><a href="accounts">Change the accounts</a></p>
</div>
<section class="hint" aria-labelledby="hint">
<h2 id="hint">In this sandbox</h2>
<p>Consents are withdrawn, and run out early, on the <a href="/_sandbox" target="_blank" rel="noopener">control page</a>.</p>
</section>`;
}

/** @param {Date} day */
function date(day) {
  const text = day.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  return html`<time datetime="${day.toISOString().slice(0, 10)}">${text}</time>`;
}
