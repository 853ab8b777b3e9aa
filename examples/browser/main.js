// The page's course: not connected, on the way to the bank and back, connected.
import { leaveAccount, showAccount } from './account.js';
import { isFromAnotherTab } from './begun-here.js';
import { clearLog } from './call-log.js';
import { configuration } from './configuration.js';
import { showConnections } from './connection-list.js';
import { complete, connect, disconnect, isReturning, sessions, takeBegun } from './connections.js';
import { showFaults } from './faults.js';
import { keys, watchKeys } from './keys.js';
import { clearProblem, showProblem } from './problem.js';
import { showStart } from './view.js';

const part = (id) => document.getElementById(id);
const [problem, notice, connections, accountPlace] = ['problem', 'notice', 'connections', 'account'].map(
  part,
);
const [connectButton, anotherButton] = ['connect', 'connect-another'].map(part);
const connectButtons = [connectButton, anotherButton];

/** The account that is open: `{ accountId, again }`. */
let opened;

for (const button of connectButtons) {
  button.onclick = () => begin();
  button.disabled = false;
}
part('clear-log').onclick = clearLog;
// The browser's back button may bring the page back as it was left, while another tab connected a bank.
addEventListener('pageshow', ({ persisted }) => persisted && open().catch(failed));
watchKeys(() => open());
if (configuration.controls) showFaults(part('faults'), () => opened);
arrive();

/** What a load of the page begins with. */
async function arrive() {
  let key;
  try {
    if (isReturning) {
      const begun = await takeBegun();
      key = begun.key;
      await complete(begun);
      if (isFromAnotherTab)
        notice.textContent = 'Your bank is connected. You can close the tab in which you began.';
    }
  } catch (error) {
    failed(error, key);
  }
  await open(key).catch(failed);
}

/** Sends the customer to the bank; with the key of a connection to renew that one. */
async function begin(key) {
  clearProblem(problem);
  notice.textContent = '';
  for (const button of connectButtons) button.disabled = true;
  try {
    await connect(key);
  } catch (error) {
    failed(error, key);
  }
}

/** Nothing was connected: says why, and lets the customer begin again. */
function failed(error, key) {
  ready();
  showProblem(problem, error, { label: isReturning ? 'Begin again' : 'Try again', go: () => begin(key) });
}

function ready() {
  for (const button of connectButtons) button.disabled = false;
  showStart();
}

/** Shows what is connected; at first the connection with the key `first`. */
async function open(first) {
  const found = await sessions();
  leaveAccount(accountPlace);
  opened = undefined;
  ready();
  if (found.length === 0) return;
  await showConnections(connections, found, {
    first,
    choose: openAccount,
    reconnect: ({ key }) => begin(key),
    disconnect: close,
    tell: (place, error, session) => tell(place, error, session, () => open(session.key)),
  });
  anotherButton.hidden = false;
}

function openAccount(session, account, byHand) {
  const again = () =>
    showAccount(accountPlace, session, account, (place, error, retry) => tell(place, error, session, retry));
  opened = { accountId: account.accountId, again };
  again();
  if (byHand) bringIntoView(accountPlace);
}

/** Ends a connection at the bank, too. */
async function close(session, button) {
  button.disabled = true;
  try {
    await disconnect(session);
    await open();
    (keys().length > 0 ? anotherButton : connectButton).focus();
  } catch (error) {
    button.disabled = false;
    showProblem(problem, error, { label: 'Try again', go: () => close(session, button) });
  }
}

/** A problem with what is connected: the customer tries again, or renews the access where the bank wants that. */
function tell(place, error, session, again) {
  const way = error.reauthRequired
    ? { label: 'Renew access', go: () => begin(session.key) }
    : { label: 'Try again', go: again };
  showProblem(place, error, way);
}

/** On a narrow screen the account stands below the list. */
function bringIntoView(place) {
  if (place.getBoundingClientRect().top > innerHeight / 2) place.scrollIntoView();
}
