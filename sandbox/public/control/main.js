// The control page's script: gives each panel the states and the requests that the sandbox sends.
import { byId } from './dom.js';
import { forgetClicks, showFaults } from './faults.js';
import { showClock, showConsents, showLimits, showScenario, showUsers } from './panels.js';
import { forgetRequestsBefore, showRequests } from './requests.js';

const live = byId('live');
const events = new EventSource('/_sandbox/events');

events.addEventListener('open', () => {
  live.textContent = 'Live';
  live.className = 'on';
  forgetClicks();
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
