// What every request passes before it is answered: the log, its name, CORS, the host check, faults. Control calls pass the host check alone.
import { randomUUID } from 'node:crypto';
import { isControlRequest } from './control-guard.js';
import { cors } from './cors.js';
import { applyFault } from './faults.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./request-log.js').Entry} Entry */
/** @typedef {(request: Request, response: Response) => Promise<void>} Answer */

/**
 * @param {object} parts
 * @param {import('./request-log.js').RequestLog} parts.requests
 * @param {import('./faults.js').FaultScript} parts.faults
 * @param {WeakMap<Request, Entry>} parts.entries filled with the entries of the requests under way
 * @param {import('./address.js').Address} parts.address
 * @param {{ control: Answer, rest: Answer }} apps
 */
export function createGate({ requests, faults, entries, address }, apps) {
  return async (/** @type {Request} */ request, /** @type {Response} */ response) => {
    // The controls are no part of what is looked at, and never fail on purpose: a fault for every path could not be lifted.
    if (isControlRequest(request)) {
      nameRequest(request, response);
      return isOurs(request, address) ? apps.control(request, response) : refuseHost(response);
    }
    const entry = requests.begin(request);
    entries.set(request, entry);
    response.once('close', () => {
      if (response.headersSent) entry.status = response.statusCode;
      entry.durationMs = Date.now() - entry.at;
    });
    entry.requestId = nameRequest(request, response);
    if (cors(request, response)) return;
    if (!isOurs(request, address)) return refuseHost(response);
    if (address.publicUrl) presentAs(address.publicUrl, request);
    const fault = faults.take(entry.method, entry.path);
    if (!fault) return apps.rest(request, response);
    entry.fault = fault.fault;
    try {
      await applyFault(fault, request, response, () => apps.rest(request, response));
    } catch (defect) {
      // Such as a header that no server can send.
      console.error(defect);
      request.socket.destroy();
    }
  };
}

/**
 * @param {Request} request
 * @param {Response} response
 */
function nameRequest(request, response) {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : randomUUID();
  response.setHeader('X-Request-ID', id);
  return id;
}

/**
 * A page elsewhere could name this machine by a host name of its own (DNS rebinding).
 * @param {Request} request
 * @param {import('./address.js').Address} address
 */
function isOurs({ headers }, address) {
  const url = `http://${headers.host}`;
  return URL.canParse(url) && address.isOurs(new URL(url).hostname);
}

/**
 * Makes a request look as if it came to the public URL, as a reverse proxy does, because the URLs of an answer and the
 * target of a DPoP proof follow from it.
 * @param {URL} publicUrl
 * @param {Request} request
 */
function presentAs({ host, protocol }, { headers }) {
  delete headers['x-forwarded-host'];
  Object.assign(headers, { host, 'x-forwarded-proto': protocol.slice(0, -1) });
}

/** @param {Response} response */
function refuseHost(response) {
  response.statusCode = 421;
  response.end(
    'This sandbox does not answer to this host name. Start it with --host or --public-url to give it another.\n',
  );
}
