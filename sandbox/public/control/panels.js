// Scenario, clock, consents and rate limits on the control page.
import { command } from './commands.js';
import { byId, element, showRows } from './dom.js';

/** @typedef {import('../../types/testing.d.ts').NamedScenario} NamedScenario */
/** @typedef {import('../../types/testing.d.ts').Consent} Consent */
/** @typedef {{ client: string, windows: { limit: number, seconds: number, used: number, resetSeconds: number }[] }} Limit */

/** @type {readonly NamedScenario[]} */
let scenarios = [];
let offsetMs = 0;

/** @param {{ scenario: NamedScenario, scenarios: NamedScenario[] }} state */
export function showScenario({ scenario, scenarios: list }) {
  byId('scenario-now').replaceChildren('Loaded: ', element('strong', {}, scenario.name));
  const same = JSON.stringify(list) === JSON.stringify(scenarios);
  scenarios = list;
  if (same) return;
  const select = byId('scenario-name');
  select.replaceChildren(...list.map(({ name }) => element('option', { value: name }, name)));
  select.value = scenario.name;
  describeScenario();
}

function describeScenario() {
  const chosen = scenarios.find(({ name }) => name === byId('scenario-name').value);
  byId('scenario-text').textContent = chosen?.description ?? '';
}

byId('scenario-name').addEventListener('change', describeScenario);
byId('scenario').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault();
  void command('scenario', { name: byId('scenario-name').value });
});

/** @param {{ offsetMs: number }} state */
export function showClock(state) {
  offsetMs = state.offsetMs;
  tick();
}

function tick() {
  const now = new Date(Date.now() + offsetMs).toISOString();
  byId('clock-now').dateTime = now;
  byId('clock-now').textContent = `${now.slice(0, 10)} ${now.slice(11, 19)}`;
  byId('clock-offset').textContent = Math.abs(offsetMs) < 1000 ? 'UTC, as this machine' : `UTC, ${ahead()}`;
}

function ahead() {
  const hours = Math.round(Math.abs(offsetMs) / 3_600_000);
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  const parts = [days > 0 ? `${days} d` : '', rest > 0 || days === 0 ? `${rest} h` : ''];
  return `${parts.filter(Boolean).join(' ')} ${offsetMs < 0 ? 'behind' : 'ahead'}`;
}

setInterval(tick, 1000);
for (const button of document.querySelectorAll('[data-advance]')) {
  const seconds = Number(/** @type {HTMLElement} */ (button).dataset.advance);
  button.addEventListener('click', () => command('clock', { advance_seconds: seconds }));
}
byId('clock-reset').addEventListener('click', () => command('clock', { reset: true }));
byId('clock-set').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault();
  void command('clock', { set: `${byId('clock-time').value}Z` });
});

/** @param {{ consents: Consent[] }} state */
export function showConsents({ consents }) {
  const items = consents.toReversed().map((consent) => {
    const { id, username, clientId, accountIds, status, expiresAt } = consent;
    const act = (/** @type {string} */ name, /** @type {object} */ body) =>
      element(
        'button',
        {
          className: 'quiet small',
          disabled: status !== 'valid',
          onclick: () => command('consents', { id, ...body }),
          'aria-label': `${name} the consent of ${username} to ${clientId}`,
        },
        name,
      );
    const accounts = accountIds.length === 1 ? '1 account' : `${accountIds.length} accounts`;
    return element(
      'li',
      { 'data-key': id },
      element(
        'div',
        { className: 'grow' },
        element('strong', {}, username),
        ` to ${clientId} `,
        element('span', { className: `badge ${status}` }, status),
        element(
          'div',
          { className: 'soft' },
          `${accounts}, until ${expiresAt.slice(0, 16).replace('T', ' ')}`,
        ),
      ),
      act('Expire', { expires_at: new Date(Date.now() + offsetMs).toISOString() }),
      act('Revoke', { revoke: true }),
    );
  });
  showRows(byId('consents'), items, byId('no-consents'));
}

/** @param {{ limits: Limit[] }} state */
export function showLimits({ limits }) {
  const limited = limits.filter(({ windows }) => windows.length > 0);
  byId('no-limits').textContent =
    limits.length > limited.length ? 'The limits are off.' : 'No client has called the API yet.';
  const items = limited.map(({ client, windows }) =>
    element(
      'li',
      { 'data-key': client },
      element(
        'div',
        { className: 'grow' },
        element('strong', {}, client),
        ...windows.map(({ limit, seconds, used, resetSeconds }) =>
          element(
            'div',
            { className: 'meter' },
            element('meter', {
              max: limit,
              value: used,
              high: limit * 0.8,
              'aria-label': `Calls of ${client} in ${seconds} seconds`,
            }),
            element(
              'span',
              { className: 'soft' },
              `${used} of ${limit} in ${seconds} s${used >= limit ? `, free in ${resetSeconds} s` : ''}`,
            ),
          ),
        ),
      ),
    ),
  );
  showRows(byId('limits'), items, byId('no-limits'));
}

/** @param {{ users: import('../../types/testing.d.ts').DemoUser[] }} state */
export function showUsers({ users }) {
  const cell = (/** @type {string} */ text) => element('td', {}, element('code', {}, text));
  showRows(
    byId('users'),
    users.map(({ username, password }) =>
      element('tr', { 'data-key': username }, cell(username), cell(password)),
    ),
  );
}
