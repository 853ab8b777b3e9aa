// Requests on the control page, the newest first, each with what it carried.
import { command } from './commands.js';
import { byId, element, update } from './dom.js';

/** @typedef {import('../../types/testing.d.ts').LoggedRequest} LoggedRequest */

const SHOWN = 200;
const list = byId('requests');
/** @type {Map<number, { request: LoggedRequest, row: HTMLElement }>} */
const rows = new Map();
/** @type {LoggedRequest[] | undefined} those that came while the list was paused */
let held;

/** @param {LoggedRequest[]} requests new ones, and those that have been answered since */
export function showRequests(requests) {
  if (held) {
    held.push(...requests);
    return;
  }
  for (const request of requests) show(request);
  for (const id of [...rows.keys()].slice(0, -SHOWN)) forget(id);
  byId('no-requests').hidden = rows.size > 0;
}

/** The log was cleared. @param {number} id */
export function forgetRequestsBefore(id) {
  for (const known of rows.keys()) if (known < id) forget(known);
  held = held?.filter((request) => request.id >= id);
  byId('no-requests').hidden = rows.size > 0;
}

/** @param {LoggedRequest} request */
function show(request) {
  const row = element(
    'li',
    { hidden: !request.path.startsWith(byId('requests-kind').value) },
    details(request),
  );
  const known = rows.get(request.id);
  if (known) {
    Object.assign(row.querySelector('details') ?? {}, { open: known.row.querySelector('details')?.open });
    update(known.row, row);
  } else list.prepend(row);
  rows.set(request.id, { request, row: known?.row ?? row });
}

/** @param {number} id */
function forget(id) {
  rows.get(id)?.row.remove();
  rows.delete(id);
}

/** @param {LoggedRequest} request */
function details(request) {
  const { at, method, path, status, durationMs, clientId, fault, query, headers, form, requestId } = request;
  const end = durationMs === undefined ? '…' : status === undefined ? 'cut' : String(status);
  const kind = status === undefined ? 'none' : `s${Math.floor(status / 100)}`;
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
  );
  const time = new Date(at).toLocaleTimeString('en-GB');
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { className: `status ${kind}` }, end),
      element('span', { className: 'method' }, method),
      element('span', { className: 'path' }, search.size > 0 ? `${path}?${search}` : path),
      ...(fault ? [element('span', { className: 'badge expired' }, `fault: ${fault}`)] : []),
      element('span', { className: 'soft client' }, clientId ?? ''),
      element('span', { className: 'soft number' }, durationMs === undefined ? '' : `${durationMs} ms`),
      element('span', { className: 'soft number' }, time),
    ),
    ...table('Address', { path, ...query }),
    ...table('Form', form),
    ...table('Headers', headers),
    ...table('Sandbox', requestId === undefined ? undefined : { 'request id': requestId }),
  );
}

/** @param {string} name @param {Readonly<Record<string, string | string[]>> | undefined} values */
function table(name, values) {
  if (values === undefined) return [];
  const pairs = Object.entries(values).flatMap(([key, value]) => [
    element('dt', {}, key),
    element('dd', {}, String(value)),
  ]);
  return [element('h3', {}, name), element('dl', {}, ...pairs)];
}

byId('requests-kind').addEventListener('change', () => {
  for (const { request, row } of rows.values())
    row.hidden = !request.path.startsWith(byId('requests-kind').value);
});
byId('requests-clear').addEventListener('click', () => command('requests', undefined, 'DELETE'));
byId('requests-pause').addEventListener('click', () => {
  const waiting = held ?? [];
  held = held ? undefined : [];
  byId('requests-pause').setAttribute('aria-pressed', String(held !== undefined));
  showRequests(waiting);
});
