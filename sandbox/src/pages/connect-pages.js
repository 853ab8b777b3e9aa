// The pages on which a customer connects a bank, up to the consent: bank, login, one-time code, accounts.
import { html } from './html.js';
import { mark } from './layout.js';

/** @typedef {import('./html.js').Html} Html */
/** @typedef {import('../data/customers.js').Customer} Customer */
/** @typedef {import('../data/banks.js').Bank} Bank */
/** @typedef {{ account_id: string, label: string, detail: string, balance: string }} Choice an account as shown to its owner */
/** @typedef {{ client: string, codeNeeded: boolean, error?: string | undefined }} Common whose wish it is, and what was wrong with the answer before */

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });

/**
 * @param {Common & { banks: readonly Bank[], chosen: string | undefined }} view
 * @returns {Html}
 */
export function bankPage({ client, codeNeeded, banks, chosen = banks[0]?.id, error }) {
  return html`${steps('Bank', codeNeeded)}
<div class="card">
<h1>Choose your bank</h1>
<p class="lead"><strong>${client}</strong> would like to read your accounts. Which bank are they with?</p>
${alert(error)}
<form method="post">
<fieldset class="choices"${tied(error)}><legend class="hidden">Your bank</legend>
${banks.map(
  (bank) => html`<label class="choice">
<input type="radio" name="bank" value="${bank.id}"${bank.id === chosen && html` checked`}>
${mark(bank)}
<span class="text"><span class="name">${bank.name}</span> <span class="detail">${bank.note ?? COUNTRIES.of(bank.country)}</span></span></label>`,
)}
</fieldset>
${actions('Continue')}
</form>
</div>`;
}

/**
 * @param {Common & { bank: Bank, customers: readonly Customer[], username: string }} view
 * @returns {Html}
 */
export function loginPage({ client, codeNeeded, bank, customers, username, error }) {
  return html`${steps('Log in', codeNeeded)}
<div class="card">
<h1>Log in to ${bank.name}</h1>
<p class="lead">Use what you use for online banking. <strong>${client}</strong> does not see it.</p>
${alert(error)}
<form method="post">
<div class="field"><label for="username">User name</label>
<input id="username" name="username" value="${username}" required autocomplete="off" autocapitalize="none" spellcheck="false"${tied(error)}></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" required autocomplete="off"${tied(error)}${error && html` autofocus`}></div>
${actions('Log in')}
</form>
<p class="back"><a href="bank">Choose another bank</a></p>
</div>
<section class="hint" aria-labelledby="hint">
<h2 id="hint">Customers of this sandbox</h2>
<table><thead><tr><th scope="col">Customer</th><th scope="col">User name</th><th scope="col">Password</th></tr></thead>
<tbody>${customers.map(
    ({ name, username, password }) =>
      html`<tr><td>${name}</td><td><code>${username}</code></td><td><code>${password}</code></td></tr>`,
  )}</tbody></table>
</section>`;
}

/** @param {Common & { bank: Bank, code: string }} view @returns {Html} */
export function codePage({ client, codeNeeded, bank, code, error }) {
  return html`${steps('Code', codeNeeded)}
<div class="card">
<h1>Enter your code</h1>
<p class="lead">${bank.name} has sent a code to your phone, to make sure that it is you.</p>
${alert(error)}
<form method="post">
<div class="field"><label for="code">One-time code</label>
<span class="detail" id="code-format">Six digits</span>
<input class="code" id="code" name="code" inputmode="numeric" required autocomplete="one-time-code" maxlength="12"${tied(error, 'code-format')}${error && html` autofocus`}></div>
${actions('Continue')}
</form>
<p class="back"><a href="login">Log in as someone else</a></p>
</div>
<section class="hint" aria-labelledby="hint">
<h2 id="hint">On the phone of this sandbox</h2>
<p>“${bank.name}: <code>${code}</code> is your code for letting ${client} read your accounts. Tell it to nobody.”</p>
</section>`;
}

/**
 * @param {Common & { bank: Bank, customer: Customer, accounts: Choice[], chosen: readonly string[] | undefined }} view
 * @returns {Html}
 */
export function accountsPage({ client, codeNeeded, bank, customer, accounts, chosen, error }) {
  if (accounts.length === 0) return noAccountsPage({ client, codeNeeded, bank });
  return html`${steps('Accounts', codeNeeded)}
<div class="card">
<h1>Choose accounts</h1>
<p class="lead">Welcome to ${bank.name}, ${customer.name}. Tick the accounts that <strong>${client}</strong> may read.</p>
${alert(error)}
<form method="post">
<fieldset class="choices"${tied(error)}><legend class="hidden">Accounts to share</legend>
${accounts.map(
  ({ account_id, label, detail, balance }, index) => html`<label class="choice">
<input type="checkbox" name="account" value="${account_id}"${chosen?.includes(account_id) && html` checked`}${error && html` aria-describedby="error"`}${error && index === 0 && html` autofocus`}>
<span class="text"><span class="name"><bdi>${label}</bdi></span> <span class="detail">${detail}</span></span>
<span class="sum">${balance}</span></label>`,
)}
</fieldset>
${actions('Continue')}
</form>
</div>`;
}

/** @param {Common & { bank: Bank }} view @returns {Html} where the app has named accounts of someone else */
function noAccountsPage({ client, codeNeeded, bank }) {
  return html`${steps('Accounts', codeNeeded)}
<div class="card">
<h1>Choose accounts</h1>
<p class="lead"><strong>${client}</strong> asks for accounts that you don’t hold at ${bank.name}.</p>
<form method="post">
<div class="actions"><button name="decision" value="deny">Go back to ${client}</button></div>
</form>
<p class="back"><a href="bank">Choose another bank</a></p>
</div>`;
}

/** @param {{ title: string, text: string }} view @returns {Html} */
export function noticePage({ title, text }) {
  return html`<div class="card"><h1>${title}</h1><p role="alert">${text}</p></div>`;
}

/**
 * @param {'Bank' | 'Log in' | 'Code' | 'Accounts' | 'Confirm'} current
 * @param {boolean} codeNeeded
 * @returns {Html}
 */
export function steps(current, codeNeeded) {
  const names = ['Bank', 'Log in', ...(codeNeeded ? ['Code'] : []), 'Accounts', 'Confirm'];
  const at = names.indexOf(current);
  return html`<ol class="steps" aria-label="Steps of the connection">${names.map((name, index) => {
    if (index < at) return html`<li class="done"><span>${name}<span class="hidden">, done</span></span></li>`;
    return html`<li${index === at && html` aria-current="step"`}><span>${name}</span></li>`;
  })}</ol>`;
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
  return error && html`<p role="alert" class="alert" id="error">${error}</p>`;
}

/**
 * Ties an input to what is said of it.
 * @param {string | undefined} error
 * @param {string} [help] id of a standing explanation
 */
function tied(error, help) {
  const ids = [error && 'error', help].filter(Boolean).join(' ');
  return html`${ids && html` aria-describedby="${ids}"`}${error && html` aria-invalid="true"`}`;
}
