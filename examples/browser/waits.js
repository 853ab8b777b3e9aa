// Shows a wait while it lasts: the SDK makes an attempt again, or waits for its turn under the rate limit.
import { element } from './element.js';

const place = document.getElementById('waits');

/** Shows the wait that an event tells of, if it does. */
export function showWait(event) {
  const ms = noticeableWait(event);
  if (ms === undefined) return;
  const until = performance.now() + ms;
  const seconds = element('strong', { class: 'seconds' });
  // The sentence is read out once; the seconds that count down beside it are for the eye.
  const countdown = element('span', { 'aria-hidden': 'true' }, seconds);
  const bar = element('progress', { max: ms, value: 0, 'aria-label': 'Wait' });
  const toast = element(
    'div',
    { class: 'toast' },
    element('p', {}, sentence(event, ms), ' ', countdown),
    bar,
  );
  place.append(toast);
  const tick = () => {
    const left = until - performance.now();
    if (left <= 0) return toast.remove();
    seconds.textContent = `${(left / 1000).toFixed(1)} s`;
    bar.value = ms - left;
    setTimeout(tick, 100);
  };
  tick();
}

/** Shows no wait any more: what waited was given up. */
export function clearWaits() {
  place.replaceChildren();
}

/** How long an event says that is waited, in milliseconds; undefined where nobody would notice. */
export function noticeableWait(event) {
  const until = event.type === 'wait' && event.until ? Date.parse(event.until) - Date.now() : 0;
  const ms = event.type === 'retry' ? event.waitMs : until;
  return ms >= 300 ? ms : undefined;
}

function sentence({ type, status, error }, ms) {
  const seconds = Math.ceil(ms / 1000);
  const next = `Next attempt in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
  if (type === 'wait') return `The rate limit is used up. ${next}`;
  if (status === 429) return `The API asks us to slow down (429). ${next}`;
  return `The bank did not answer (${status ?? error}). ${next}`;
}
