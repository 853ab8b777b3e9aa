// Faults on the control page: kinds to click on and off, and what is planned.
import { command, inTurn, send } from './commands.js';
import { byId, element, showRows } from './dom.js';

/** @typedef {import('../../types/testing.d.ts').Fault} Fault */
/** @typedef {import('../../types/testing.d.ts').FaultSpec} FaultSpec */

const API = { path: '/aisp/v1/*' };
const TOKEN = { path: '/oauth/token' };

/** @type {{ name: string, what: string, spec: FaultSpec }[]} */
const KINDS = [
  {
    name: 'Too many requests',
    what: 'API: 429, Retry-After 3 s',
    spec: { match: API, fault: 'rate_limited', retryAfter: 3 },
  },
  {
    name: 'Bank unavailable',
    what: 'API: 503 provider_unavailable',
    spec: {
      match: API,
      fault: 'status',
      status: 503,
      body: { error: 'provider_unavailable', error_description: 'The bank is not available' },
    },
  },
  { name: 'Proxy error', what: 'API: 502 with a page of HTML', spec: { match: API, fault: 'html_502' } },
  {
    name: 'Slow',
    what: 'API: the answer comes 3 s later',
    spec: { match: API, fault: 'latency', delayMs: 3000 },
  },
  { name: 'No answer', what: 'API: the request hangs', spec: { match: API, fault: 'hang' } },
  {
    name: 'Cut off',
    what: 'API: the connection ends amid the body',
    spec: { match: API, fault: 'cut_body' },
  },
  {
    name: 'Consent expired',
    what: 'API: 403 consent_expired',
    spec: { match: API, fault: 'consent_expired' },
  },
  {
    name: 'Token answer lost',
    what: 'Token endpoint: processed, then the connection is reset',
    spec: { match: TOKEN, fault: 'reset_after' },
  },
  {
    name: 'Token endpoint down',
    what: 'Token endpoint: 503',
    spec: { match: TOKEN, fault: 'status', status: 503 },
  },
];

/** @type {{ faults: Fault[], revision: number }} */
let latest = { faults: [], revision: 0 };

/**
 * Switches that were clicked, by name: the position they were given, and the revision of the first state that has it.
 * @type {Map<string, { on: boolean, revision: number }>}
 */
const clicked = new Map();

/** @param {{ faults: Fault[], revision: number }} state */
export function showFaults(state) {
  latest = state;
  for (const [name, { revision }] of clicked) if (revision <= state.revision) clicked.delete(name);
  const planned = state.faults.filter(({ times = 1, hits }) => times === null || hits < times);
  showRows(
    byId('fault-kinds'),
    KINDS.map((kind) => kindRow(kind, planned)),
  );
  showRows(byId('faults'), planned.map(plannedRow), byId('no-faults'));
  byId('faults-clear').hidden = planned.length === 0;
}

/** Shows the positions of the states again, because a sandbox that was restarted counts its revisions from 0. */
export function forgetClicks() {
  clicked.clear();
}

byId('faults-clear').addEventListener('click', () => {
  clicked.clear();
  void command('faults', undefined, 'DELETE');
});

/**
 * @param {(typeof KINDS)[number]} kind
 * @param {Fault[]} planned
 */
function kindRow(kind, planned) {
  const { name, what, spec } = kind;
  const on = clicked.get(name)?.on ?? planned.some((fault) => isAlways(fault, spec));
  return element(
    'li',
    { 'data-key': name },
    element(
      'div',
      { className: 'grow' },
      element('strong', {}, name),
      element('div', { className: 'soft' }, what),
    ),
    element(
      'button',
      { className: 'quiet small', onclick: () => command('faults', spec), 'aria-label': `${name}, once` },
      'Once',
    ),
    element('button', {
      className: 'switch',
      onclick: () => turn(kind, !on),
      role: 'switch',
      'aria-checked': on,
      'aria-label': `${name}, always`,
    }),
  );
}

/**
 * Turns a switch: shows the new position at once, so that the next click turns it back.
 * @param {(typeof KINDS)[number]} kind
 * @param {boolean} on
 */
async function turn({ name, spec }, on) {
  const click = { on, revision: Number.POSITIVE_INFINITY };
  clicked.set(name, click);
  showFaults(latest);
  click.revision = await (on
    ? command('faults', { ...spec, times: null })
    : inTurn(() => removeAlways(spec)));
  showFaults(latest);
}

/** @param {FaultSpec} spec */
async function removeAlways(spec) {
  let { answer, revision } = await send('faults');
  for (const fault of answer.faults)
    if (isAlways(fault, spec)) ({ revision } = await send(`faults/${fault.id}`, 'DELETE'));
  return { revision };
}

/**
 * @param {Fault} fault
 * @param {FaultSpec} spec
 */
function isAlways({ fault, match, status, times }, spec) {
  return times === null && fault === spec.fault && match?.path === spec.match?.path && status === spec.status;
}

/** @param {Fault} fault */
function plannedRow({ id, fault, match, hits, times = 1, skip = 0 }) {
  const where = [match?.method, match?.path ?? 'every request'].filter(Boolean).join(' ');
  const count = times === null ? `hit ${hits}` : `${times - hits} to come`;
  const after = skip > 0 ? `, after ${skip}` : '';
  return element(
    'li',
    { 'data-key': id },
    element(
      'div',
      { className: 'grow' },
      element('strong', {}, fault),
      element('div', { className: 'soft' }, `${where}: ${count}${after}`),
    ),
    element(
      'button',
      {
        className: 'quiet small',
        onclick: () => command(`faults/${id}`, undefined, 'DELETE'),
        'aria-label': `Remove ${fault}`,
      },
      'Remove',
    ),
  );
}
