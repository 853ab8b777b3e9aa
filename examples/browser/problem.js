// Tells what went wrong in words for the customer, with what support would ask for, and offers a way on.
import { element } from './element.js';

/** Shows a problem in `place`, with a button that leads on. */
export function showProblem(place, error, { label, go }) {
  console.debug(error);
  const { title, text } = wordsFor(error);
  const heading = element('h2', { tabIndex: -1 }, title);
  const button = element('button', { type: 'button', onclick: () => leave(place, go) }, label);
  place.replaceChildren(
    element(
      'div',
      { class: 'problem', role: 'alert' },
      heading,
      element('p', {}, text),
      button,
      particulars(error),
    ),
  );
  heading.focus();
}

/** Removes the problem that is shown in `place`. */
export function clearProblem(place) {
  place.replaceChildren();
}

function leave(place, go) {
  clearProblem(place);
  go();
}

function particulars({ code, status, requestId }) {
  const facts = Object.entries({ Code: code, Status: status, 'Request id': requestId });
  const known = facts.filter(([, value]) => value !== undefined);
  return element(
    'dl',
    { class: 'particulars' },
    ...known.map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, String(value))),
    ),
  );
}

const WORDS = {
  access_denied: {
    title: 'You did not connect your bank',
    text: 'You or your bank declined, and nothing was shared. You can connect whenever you like.',
  },
  pending_expired: {
    title: 'That took too long',
    text: 'A connection has to be completed within a few minutes. Nothing was shared; please begin again.',
  },
  issuer_mismatch: {
    title: 'This answer comes from somewhere else',
    text: 'For your safety nothing was connected. Please begin again.',
  },
  nothing_begun: {
    title: 'This connection can’t be completed here',
    text: 'It began in another browser, was completed before, or took too long. Nothing new was shared; please begin again.',
  },
  invalid_grant: {
    title: 'The connection was not accepted',
    text: 'The bank’s answer is too old or was used before. Please begin again.',
  },
  consent_expired: { title: 'Your consent has expired', text: 'Connect your bank again to go on.' },
  consent_revoked: { title: 'Your consent was withdrawn', text: 'Connect your bank again to go on.' },
  sca_required: { title: 'Your bank wants to see you again', text: 'Connect your bank again to go on.' },
};

for (const code of ['provider_error', 'provider_timeout', 'provider_unavailable']) {
  WORDS[code] = {
    title: 'Your bank has a problem',
    text: 'It can’t answer at the moment. Please try again later.',
  };
}

const WORDS_BY_CLASS = {
  RateLimitError: {
    title: 'A little too fast',
    text: 'Too much was asked in a short time. Try again in a moment.',
  },
  NetworkError: {
    title: 'No answer came',
    text: 'The connection broke off or the service can’t be reached. Check that you are online, then try again.',
  },
  TimeoutError: { title: 'That took too long', text: 'The bank did not answer in time. Please try again.' },
};

function wordsFor(error) {
  return (
    WORDS[error.code] ?? WORDS_BY_CLASS[error.name] ?? { title: 'Something went wrong', text: error.message }
  );
}
