// The page's course: not connected, on the way to the bank and back, connected.
import { leaveAccount, showAccount } from './account.js';
import { showAccounts } from './accounts.js';
import { configuration } from './configuration.js';
import { connect, isReturning, resume } from './connection.js';
import { element } from './element.js';
import { clearProblem, showProblem } from './problem.js';

const part = (id) => document.getElementById(id);
const [problem, account, connectButton, disconnectButton] = [
  'problem',
  'account',
  'connect',
  'disconnect',
].map(part);

connectButton.onclick = begin;
// The browser's back button may bring the page back as it was left.
addEventListener('pageshow', ({ persisted }) => persisted && ready());
showCustomers();
arrive();

/** What a load of the page begins with. */
async function arrive() {
  if (isReturning) show('working');
  else show('start');
  try {
    const session = await resume();
    if (session) await open(session);
  } catch (error) {
    failed(error);
  }
}

/** Sends the customer to the bank. */
async function begin() {
  clearProblem(problem);
  show('start');
  connectButton.disabled = true;
  connectButton.textContent = 'Opening your bank’s page…';
  try {
    await connect();
  } catch (error) {
    failed(error);
  }
}

/** Nothing is connected: says why, and lets the customer begin again. */
function failed(error) {
  ready();
  showProblem(problem, error, { label: isReturning ? 'Begin again' : 'Try again', go: begin });
}

function ready() {
  connectButton.disabled = false;
  connectButton.textContent = 'Connect your bank';
  show('start');
}

/** Shows what the customer shared. */
async function open(session) {
  show('connected');
  disconnectButton.onclick = () => close(session);
  const load = () =>
    showAccounts(part('accounts'), session, (chosen, byHand) => {
      showAccount(account, session, chosen, tell);
      if (byHand) bringIntoView(account);
    }).catch((error) => tell(part('accounts'), error, load));
  await load();
}

/** Ends the connection at the bank, too. */
async function close(session) {
  disconnectButton.disabled = true;
  try {
    await session.revoke();
    leaveAccount(account);
    part('accounts').replaceChildren();
    ready();
    connectButton.focus();
  } catch (error) {
    showProblem(problem, error, { label: 'Try again', go: () => close(session) });
  }
  disconnectButton.disabled = false;
}

/** A problem with what is connected: the customer tries again, or connects again where the bank wants that. */
function tell(place, error, again) {
  if (!error.reauthRequired) return showProblem(place, error, { label: 'Try again', go: again });
  // It concerns the whole connection, so it is said once.
  clearProblem(place);
  showProblem(problem, error, { label: 'Connect again', go: begin });
}

function show(id) {
  for (const name of ['start', 'working', 'connected']) part(name).hidden = name !== id;
  disconnectButton.hidden = id !== 'connected';
}

/** On a narrow screen the account stands below the list. */
function bringIntoView(place) {
  if (place.getBoundingClientRect().top > innerHeight / 2) place.scrollIntoView();
}

/** Who can log in at the sandbox. */
function showCustomers() {
  const cell = (text) => element('td', {}, text);
  part('customers').hidden = configuration.customers.length === 0;
  part('customers')
    .querySelector('tbody')
    .append(
      ...configuration.customers.map(({ name, username, password }) =>
        element(
          'tr',
          {},
          cell(name),
          cell(element('code', {}, username)),
          cell(element('code', {}, password)),
        ),
      ),
    );
}
