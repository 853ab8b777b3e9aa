// The control page's script: listens to the sandbox, and passes on what it says.
import { byId } from './dom.js';
import { showFaults } from './faults.js';
import { showClock, showConsents, showLimits, showScenario, showUsers } from './panels.js';
import { forgetRequestsBefore, showRequests } from './requests.js';

const live = byId('live');
const events = new EventSource('/_sandbox/events');

events.addEventListener('open', () => {
  live.textContent = 'Live';
  live.className = 'on';
});
events.addEventListener('error', () => {
  live.textContent = 'Not running: waiting for it';
  live.className = 'off';
});
events.addEventListener('state', ({ data }) => {
  const state = JSON.parse(data);
  showScenario(state);
  showClock(state);
  showFaults(state);
  showConsents(state);
  showLimits(state);
  showUsers(state);
  forgetRequestsBefore(state.requestsFrom);
});
events.addEventListener('requests', ({ data }) => showRequests(JSON.parse(data)));
