// Buttons that let something go wrong at the sandbox, and then read again, so that one sees how the SDK copes.
import { element } from './element.js';
import { addFaults, advanceClock, clearFaults, endConsents } from './sandbox-controls.js';
import { announce, onOtherTab } from './tabs.js';

const API = { path: '/aisp/v1/*' };
const TWO_HOURS = 7200;

const FAULTS = [
  {
    name: 'Too many requests',
    about: '429 with Retry-After: 5. The SDK waits as long, then goes on.',
    strike: () => addFaults({ match: API, fault: 'rate_limited', retryAfter: 5 }),
  },
  {
    name: 'Bank stumbles',
    about: 'Two answers of 503. The SDK tries again, a little later each time.',
    strike: () => addFaults({ match: API, fault: 'status', status: 503, times: 2 }),
  },
  {
    name: 'Bank is down',
    about: '503 until you repair it. The SDK gives up after three attempts and says why.',
    strike: () => addFaults({ match: API, fault: 'status', status: 503, times: null }),
  },
  {
    name: 'Slow answers',
    about: 'Each takes 0.8 s until you repair it. Rows appear as pages come; “Stop” ends the reading.',
    strike: () => addFaults({ match: API, fault: 'latency', delayMs: 800, times: null }),
  },
  {
    name: 'Access token runs out',
    about: 'The sandbox’s clock goes two hours ahead. A 401, one renewal, and the call is made again.',
    strike: () => advanceClock(TWO_HOURS),
  },
  {
    name: 'Second tab',
    about: 'The same, while a second tab reads too. The tabs renew the tokens once between them.',
    strike: async ({ again }) => {
      await advanceClock(TWO_HOURS);
      onOtherTab(again);
      // The new tab announces itself when it begins to read, and this one reads at that moment.
      open(location.href, '_blank', 'noopener');
    },
    waitsForTab: true,
  },
  {
    name: 'Consent ends',
    about: 'The bank refuses from now on. You are asked to renew the access, under the same session key.',
    strike: ({ accountId }) => endConsents(accountId),
  },
];

/** Shows the buttons; `shown` gives the account that is open, `{ accountId, again }`, or undefined. */
export function showFaults(place, shown) {
  announce();
  const repair = element(
    'button',
    { type: 'button', class: 'quiet', onclick: () => run(clearFaults) },
    'Repair all',
  );
  const trouble = element('p', { role: 'status', class: 'note' });
  place.hidden = false;
  place.replaceChildren(
    element('h3', {}, 'Let something go wrong'),
    element('ul', { class: 'faults', role: 'list' }, ...FAULTS.map(item)),
    repair,
    trouble,
  );

  function item(fault) {
    const strike = async () => {
      const account = shown();
      if (!account) return;
      await fault.strike(account);
      if (!fault.waitsForTab) account.again();
    };
    const name = element('strong', {}, fault.name);
    const about = element('span', { class: 'note' }, fault.about);
    const onclick = () => run(strike);
    return element('li', {}, element('button', { type: 'button', class: 'fault', onclick }, name, about));
  }

  async function run(work) {
    trouble.textContent = '';
    await work().catch((error) => {
      trouble.textContent = error.message;
    });
  }
}
