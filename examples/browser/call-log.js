// The call log: each call of the SDK as code with its time, and below it what the SDK does: requests, waits, renewals.
import { element } from './element.js';
import { noticeableWait } from './waits.js';

const LINES = 200;
const log = document.getElementById('calls');
const view = log.parentElement;

/** Adds a call; the caller says what becomes of it. */
export function beginCall(code) {
  const began = performance.now();
  const outcome = element('span', { class: 'outcome' }, '…');
  const line = element('li', { class: 'call running' }, element('code', {}, code), outcome);
  let remark = '';
  add(line);
  const end = (state, ...words) => {
    line.className = `call ${state}`;
    outcome.textContent = [...words, remark, duration(performance.now() - began)].filter(Boolean).join(' · ');
  };
  return {
    note(text) {
      remark = text;
      outcome.textContent = `${text} …`;
    },
    done: () => end('done'),
    failed: (error) => end(error.name === 'AbortError' ? 'stopped' : 'failed', error.code ?? error.name),
  };
}

/** Adds what an event tells. Requests of the same kind in a row are one line that counts them. */
export function logEvent(event) {
  const words = WORDS[event.type]?.(event);
  if (!words) return;
  const { text, outcome = '', state = '' } = words;
  const last = log.lastElementChild;
  const again = last?.dataset.text === text && state === '';
  const line = again ? last : element('li', { class: `event ${state}` });
  if (state === '') line.dataset.text = text;
  line.dataset.count = again ? Number(line.dataset.count) + 1 : 1;
  const times = again ? ` × ${line.dataset.count}` : '';
  line.replaceChildren(element('span', { class: 'text' }, text + times), element('span', {}, outcome));
  if (!again) add(line);
}

/** Removes all lines. */
export function clearLog() {
  log.replaceChildren();
}

const WORDS = {
  response: ({ method, url, status, error, durationMs }) => ({
    text: `${method} ${shortened(new URL(url).pathname)}`,
    outcome: `${status ?? error} · ${duration(durationMs)}`,
    state: status < 400 ? '' : 'trouble',
  }),
  retry: ({ attempt, waitMs }) => ({
    text: `attempt ${attempt} failed, next in`,
    outcome: duration(waitMs),
    state: 'trouble',
  }),
  wait: (event) => {
    const ms = noticeableWait(event);
    return ms && { text: 'the rate limit is used up, next in', outcome: duration(ms) };
  },
  refresh: ({ error, durationMs }) => ({
    text: error ? `tokens could not be renewed: ${error}` : 'tokens renewed',
    outcome: duration(durationMs),
    state: error ? 'trouble' : 'good',
  }),
  consent: ({ daysLeft }) => ({ text: 'the consent ends', outcome: `in ${daysLeft} days` }),
  drift: ({ path, expected, found }) => ({ text: `${path}: expected ${expected}`, outcome: `read ${found}` }),
};

function add(line) {
  const atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 40;
  log.append(line);
  if (log.childElementCount > LINES) log.firstElementChild.remove();
  if (atEnd) view.scrollTop = view.scrollHeight;
}

/** A path of the API without what all of them begin with. */
function shortened(path) {
  return path.replace(/^\/aisp\/v1/, '').replace(/^\/accounts\/[^/]+\//, '…/');
}

function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
