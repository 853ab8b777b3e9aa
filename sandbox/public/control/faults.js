// Faults on the control page: kinds to click on and off, and what is planned.
import { ask, byId, element, refill } from './dom.js';

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

/** @param {{ faults: Fault[] }} state */
export function showFaults({ faults }) {
  const planned = faults.filter(({ times = 1, hits }) => times === null || hits < times);
  refill(
    byId('fault-kinds'),
    KINDS.map((kind) => kindRow(kind, planned)),
  );
  refill(byId('faults'), planned.map(plannedRow), byId('no-faults'));
  byId('faults-clear').hidden = planned.length === 0;
}

byId('faults-clear').addEventListener('click', () => ask('faults', undefined, 'DELETE'));

/**
 * @param {(typeof KINDS)[number]} kind
 * @param {Fault[]} planned
 */
function kindRow({ name, what, spec }, planned) {
  const on = planned.find(
    ({ fault, match, status, times }) =>
      times === null && fault === spec.fault && match?.path === spec.match?.path && status === spec.status,
  );
  const toggle = () => (on ? remove(on) : ask('faults', { ...spec, times: null }));
  return element(
    'li',
    {},
    element(
      'div',
      { className: 'grow' },
      element('strong', {}, name),
      element('div', { className: 'soft' }, what),
    ),
    element(
      'button',
      {
        className: 'quiet small',
        onclick: () => ask('faults', spec),
        'data-key': `once ${name}`,
        'aria-label': `${name}, once`,
      },
      'Once',
    ),
    element('button', {
      className: 'switch',
      onclick: toggle,
      role: 'switch',
      'data-key': `always ${name}`,
      'aria-checked': on !== undefined,
      'aria-label': `${name}, always`,
    }),
  );
}

/** @param {Fault} fault */
function plannedRow(fault) {
  const { id, match, hits, times = 1, skip = 0 } = fault;
  const where = [match?.method, match?.path ?? 'every request'].filter(Boolean).join(' ');
  const count = times === null ? `hit ${hits}` : `${times - hits} to come`;
  const after = skip > 0 ? `, after ${skip}` : '';
  return element(
    'li',
    {},
    element(
      'div',
      { className: 'grow' },
      element('strong', {}, fault.fault),
      element('div', { className: 'soft' }, `${where}: ${count}${after}`),
    ),
    element(
      'button',
      {
        className: 'quiet small',
        onclick: () => remove(fault),
        'data-key': `remove ${id}`,
        'aria-label': `Remove ${fault.fault}`,
      },
      'Remove',
    ),
  );
}

/** @param {Fault} fault */
function remove({ id }) {
  return ask(`faults/${id}`, undefined, 'DELETE');
}
