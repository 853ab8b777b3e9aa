// What every request passes before it is answered: the log, its name, CORS, the host check, faults.
import { randomUUID } from 'node:crypto';
import { cors } from './cors.js';
import { applyFault } from './faults.js';
import { isLoopbackHost } from './oauth/loopback.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./request-log.js').Entry} Entry */

/**
 * @param {object} parts
 * @param {import('./request-log.js').RequestLog} parts.requests
 * @param {import('./faults.js').FaultScript} parts.faults
 * @param {WeakMap<Request, Entry>} parts.entries filled with the entries of the requests under way
 * @param {(request: Request, response: Response) => Promise<void>} answer
 */
export function createGate({ requests, faults, entries }, answer) {
  return async (/** @type {Request} */ request, /** @type {Response} */ response) => {
    // The controls are no part of what is looked at, and never fail on purpose: a fault for every path could not be lifted.
    if (isControl(request)) return answerControl(request, response, answer);
    const entry = requests.begin(request);
    entries.set(request, entry);
    response.once('close', () => {
      if (response.headersSent) entry.status = response.statusCode;
      entry.durationMs = Date.now() - entry.at;
    });
    entry.requestId = nameRequest(request, response);
    if (cors(request, response)) return;
    if (!isForUs(request)) return refuseHost(response);
    const fault = faults.take(entry.method, entry.path);
    if (!fault) return answer(request, response);
    entry.fault = fault.fault;
    try {
      await applyFault(fault, request, response, () => answer(request, response));
    } catch (defect) {
      // Such as a header that no server can send.
      console.error(defect);
      request.socket.destroy();
    }
  };
}

/** @param {Request} request */
function isControl({ url = '/' }) {
  return /^\/_sandbox([/?]|$)/.test(url);
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {(request: Request, response: Response) => Promise<void>} answer
 */
async function answerControl(request, response, answer) {
  nameRequest(request, response);
  if (cors(request, response)) return;
  if (!isForUs(request)) return refuseHost(response);
  await answer(request, response);
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

/** A page elsewhere could name this machine by a host name of its own (DNS rebinding). @param {Request} request */
function isForUs({ headers }) {
  const url = `http://${headers.host}`;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

/** @param {Response} response */
function refuseHost(response) {
  response.statusCode = 421;
  response.end('This sandbox answers to loopback addresses only\n');
}
