// The pages on which a customer connects a bank: bank, login, accounts, consent.
import { html } from './html.js';

/** @typedef {import('./html.js').Html} Html */
/** @typedef {import('../data/customers.js').Customer} Customer */
/** @typedef {import('../data/banks.js').Bank} Bank */
/** @typedef {{ account_id: string, label: string, detail: string }} Choice an account as shown to its owner */

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });

/**
 * @param {{ client: string, banks: readonly Bank[], error?: string | undefined }} view
 * @returns {Html}
 */
export function bankPage({ client, banks, error }) {
  return html`${progress(1)}
<h1>Choose your bank</h1>
<p><strong>${client}</strong> would like to read your accounts. Which bank are they with?</p>
${alert(error)}
<form method="post">
<fieldset class="choices"><legend class="hidden">Your bank</legend>
${banks.map(
  (
    { id, name, country, note },
    i,
  ) => html`<label class="choice"><input type="radio" name="bank" value="${id}"${i === 0 ? html` checked` : ''}>
<span><span class="name">${name}</span> <span class="detail">${note ?? COUNTRIES.of(country)}</span></span></label>`,
)}
</fieldset>
${actions('Continue')}
</form>`;
}

/**
 * @param {{ bank: Bank, customers: readonly Customer[], username: string, error?: string | undefined }} view
 * @returns {Html}
 */
export function loginPage({ bank, customers, username, error }) {
  return html`${progress(2)}
<h1>Log in to ${bank.name}</h1>
${alert(error)}
<form method="post">
<label class="field" for="username">User name
<input id="username" name="username" value="${username}" required autocomplete="off" autocapitalize="none" spellcheck="false"></label>
<label class="field" for="password">Password
<input id="password" name="password" type="password" required autocomplete="off"></label>
${actions('Log in')}
</form>
<section class="hint" aria-labelledby="hint">
<h2 id="hint">Customers of this sandbox</h2>
<table><thead><tr><th scope="col">Customer</th><th scope="col">User name</th><th scope="col">Password</th></tr></thead>
<tbody>${customers.map(
    ({ name, username, password }) =>
      html`<tr><td>${name}</td><td><code>${username}</code></td><td><code>${password}</code></td></tr>`,
  )}</tbody></table>
</section>`;
}

/** @param {{ code: string, error?: string | undefined }} view @returns {Html} */
export function codePage({ code, error }) {
  return html`${progress(2)}
<h1>Enter your one-time code</h1>
${alert(error)}
<form method="post">
<label class="field" for="code">One-time code
<input id="code" name="code" inputmode="numeric" required autocomplete="one-time-code"></label>
${actions('Continue')}
</form>
<p class="hint">Code ${code}</p>`;
}

/**
 * @param {{ customer: Customer, client: string, accounts: Choice[], chosen: readonly string[] | undefined, error?: string | undefined }} view
 * @returns {Html}
 */
export function accountsPage({ customer, client, accounts, chosen, error }) {
  return html`${progress(3)}
<h1>Choose accounts</h1>
<p>Welcome, ${customer.name}. Tick the accounts that <strong>${client}</strong> may read.</p>
${alert(error)}
<form method="post">
<fieldset class="choices"><legend class="hidden">Accounts to share</legend>
${accounts.map(
  ({
    account_id,
    label,
    detail,
  }) => html`<label class="choice"><input type="checkbox" name="account" value="${account_id}"${chosen?.includes(account_id) ? html` checked` : ''}>
<span><span class="name">${label}</span> <span class="detail">${detail}</span></span></label>`,
)}
</fieldset>
${actions('Continue')}
</form>`;
}

/**
 * @param {{ client: string, bank: Bank, accounts: Choice[], from: Date, until: Date, lasting: boolean }} view
 * @returns {Html}
 */
export function consentPage({ client, bank, accounts, from, until, lasting }) {
  return html`${progress(4)}
<h1>Confirm access</h1>
<p><strong>${client}</strong> will be able to read from ${bank.name}:</p>
<ul class="plain">
<li>account names, numbers and holder</li>
<li>balances</li>
<li>transactions</li>
</ul>
<h2>Accounts</h2>
<ul class="plain">${accounts.map(({ label, detail }) => html`<li>${label} <span class="detail">${detail}</span></li>`)}</ul>
<dl class="facts">
<dt>From</dt><dd><time datetime="${from.toISOString().slice(0, 10)}">${longDate(from)}</time></dd>
<dt>Until</dt><dd><time datetime="${until.toISOString().slice(0, 10)}">${longDate(until)}</time></dd>
<dt>When you are away</dt><dd>${lasting ? 'Yes, until the consent ends' : 'No'}</dd>
</dl>
<p>It can’t make payments. You can withdraw this consent at your bank at any time.</p>
<form method="post">
<div class="actions">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="deny" class="quiet" formnovalidate>Deny</button>
</div>
</form>`;
}

/** @param {{ title: string, text: string }} view @returns {Html} */
export function noticePage({ title, text }) {
  return html`<h1>${title}</h1><p role="alert">${text}</p>`;
}

/** @param {Date} date */
function longDate(date) {
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** @param {string} next */
function actions(next) {
  // The first button is what the Enter key presses, so the way on stands before the way out.
  return html`<div class="actions">
<button name="decision" value="continue">${next}</button>
<button name="decision" value="deny" class="quiet" formnovalidate>Cancel</button>
</div>`;
}

/** @param {string | undefined} error */
function alert(error) {
  return error && html`<p role="alert" class="alert">${error}</p>`;
}

/** @param {number} step */
function progress(step) {
  return html`<p class="progress">Step ${step} of 4</p>`;
}
