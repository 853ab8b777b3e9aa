// Faults on purpose: which request is hit, and what is done to it at the level of the connection.
import { requestMatcher } from './path-pattern.js';

/** @typedef {import('../types/testing.d.ts').FaultSpec} FaultSpec */
/** @typedef {import('../types/testing.d.ts').Fault} Fault */
/** @typedef {import('../types/testing.d.ts').FaultKind} FaultKind */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {() => Promise<void>} Answer processes the request and writes the true answer */

export class FaultScript {
  /** @type {{ fault: Fault & { hits: number }, seen: number, matches: (method: string, path: string) => boolean }[]} */
  #planned = [];
  #nextId = 1;

  /** @param {FaultSpec} spec @returns {Fault} */
  add(spec) {
    if (!Object.hasOwn(KINDS, spec.fault)) {
      throw new TypeError(`no fault "${spec.fault}": one of ${Object.keys(KINDS).join(', ')}`);
    }
    const fault = { ...spec, id: `fault-${this.#nextId++}`, hits: 0 };
    this.#planned.push({ fault, seen: 0, matches: requestMatcher(spec.match ?? {}) });
    return fault;
  }

  list() {
    return this.#planned.map(({ fault }) => fault);
  }

  /** @param {string} id */
  remove(id) {
    const at = this.#planned.findIndex(({ fault }) => fault.id === id);
    if (at >= 0) this.#planned.splice(at, 1);
    return at >= 0;
  }

  clear() {
    this.#planned = [];
  }

  /**
   * The first planned fault that is due for a request; counts it.
   * @param {string} method
   * @param {string} path
   */
  take(method, path) {
    for (const planned of this.#planned) {
      const { fault } = planned;
      const times = fault.times === undefined ? 1 : (fault.times ?? Number.POSITIVE_INFINITY);
      if (fault.hits >= times || !planned.matches(method, path)) continue;
      planned.seen += 1;
      if (planned.seen <= (fault.skip ?? 0)) continue;
      fault.hits += 1;
      return fault;
    }
    return undefined;
  }
}

/**
 * @param {FaultSpec} fault
 * @param {Request} request
 * @param {Response} response
 * @param {Answer} answer
 */
export async function applyFault(fault, request, response, answer) {
  await KINDS[fault.fault](fault, request, response, answer);
}

/** @type {Record<FaultKind, (fault: FaultSpec, request: Request, response: Response, answer: Answer) => Promise<void> | void>} */
const KINDS = {
  reset_before: (_fault, request) => void request.socket.resetAndDestroy(),
  async reset_after(_fault, request, response, answer) {
    await withheld(response, answer);
    request.socket.resetAndDestroy();
  },
  async cut_body(_fault, request, response, answer) {
    const body = await withheld(response, answer);
    response.setHeader('Content-Length', body.length);
    // Destroyed only once the half is on its way, or the client would see no answer at all.
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
  },
  async drip({ bytes = 64, delayMs = 50 }, request, response, answer) {
    const body = await withheld(response, answer);
    response.setHeader('Content-Length', body.length);
    for (let at = 0; at < body.length && !request.socket.destroyed; at += bytes) {
      response.write(body.subarray(at, at + bytes));
      await sleep(delayMs, request);
    }
    response.end();
  },
  async latency({ delayMs = 1000 }, request, _response, answer) {
    await sleep(delayMs, request);
    if (!request.socket.destroyed) await answer();
  },
  empty_200: ({ headers }, _request, response) =>
    send(response, 200, { 'Content-Type': 'application/json', ...headers }, ''),
  html_502: ({ headers }, _request, response) =>
    send(response, 502, { 'Content-Type': 'text/html; charset=utf-8', ...headers }, BAD_GATEWAY),
  redirect: ({ location = '/elsewhere', status = 302, headers }, _request, response) =>
    send(response, status, { Location: location, ...headers }, ''),
  rate_limited({ retryAfter = 1, headers, body }, _request, response) {
    const json = body ?? {
      error: 'rate_limit_exceeded',
      error_description: 'Too many requests',
      timestamp: now(),
      request_id: response.getHeader('X-Request-ID'),
    };
    send(
      response,
      429,
      { 'Content-Type': 'application/json', 'Retry-After': String(retryAfter), ...headers },
      text(json),
    );
  },
  status({ status = 503, headers, body = defaultBody(status), contentType }, _request, response) {
    const type = contentType ?? (typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json');
    send(response, status, { 'Content-Type': type, ...headers }, text(body));
  },
  hang: () => {},
  async stall({ delayMs = 1000 }, request, response, answer) {
    const body = await withheld(response, answer);
    const half = Math.floor(body.length / 2);
    response.setHeader('Content-Length', body.length);
    response.write(body.subarray(0, half));
    await sleep(delayMs, request);
    if (!request.socket.destroyed) response.end(body.subarray(half));
  },
  consent_expired: (fault, request, response) => refuseConsent('consent_expired', fault, request, response),
  consent_revoked: (fault, request, response) => refuseConsent('consent_revoked', fault, request, response),
  async cursor_loop(_fault, request, response, answer) {
    const { cursor } = Object.fromEntries(new URL(request.url ?? '/', 'http://sandbox').searchParams);
    await rewritten(response, answer, (page) => ({ ...page, next_cursor: cursor ?? page.next_cursor }));
  },
  async stale_keys(_fault, _request, response, answer) {
    await rewritten(response, answer, ({ keys }) => ({
      keys: keys.map((/** @type {Record<string, string>} */ key) => ({ ...key, kid: `retired-${key.kid}` })),
    }));
  },
  async clock_skew({ skewMs = 300_000 }, _request, response, answer) {
    response.setHeader('Date', new Date(Date.now() + skewMs).toUTCString());
    await answer();
  },
};

/**
 * Lets the request be processed, and changes the JSON of the answer.
 * @param {Response} response
 * @param {Answer} answer
 * @param {(body: any) => unknown} change
 */
async function rewritten(response, answer, change) {
  const body = await withheld(response, answer);
  const text = response.statusCode === 200 ? JSON.stringify(change(JSON.parse(body.toString()))) : body;
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/**
 * @param {string} code
 * @param {FaultSpec} fault
 * @param {Request} _request
 * @param {Response} response
 */
function refuseConsent(code, { headers }, _request, response) {
  const json = {
    error: code,
    error_description: 'A fault was asked for',
    timestamp: now(),
    request_id: response.getHeader('X-Request-ID'),
  };
  send(response, 403, { 'Content-Type': 'application/json', ...headers }, text(json));
}

const BAD_GATEWAY = `<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>
`;

const CODES = /** @type {Record<number, string>} */ ({
  401: 'invalid_token',
  403: 'consent_expired',
  429: 'rate_limit_exceeded',
  502: 'provider_error',
  503: 'provider_unavailable',
  504: 'provider_timeout',
});

/** @param {number} status */
function defaultBody(status) {
  return {
    error: CODES[status] ?? (status < 500 ? 'invalid_request' : 'server_error'),
    error_description: `A fault was asked for: ${status}`,
    timestamp: now(),
  };
}

const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** @param {unknown} body */
const text = (body) => (typeof body === 'string' ? body : JSON.stringify(body));

/**
 * @param {Response} response
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {string} body
 */
function send(response, status, headers, body) {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/**
 * Lets the request be processed but keeps the answer back.
 * @param {Response} response
 * @param {Answer} answer
 * @returns {Promise<Buffer>} the body that would have been sent
 */
async function withheld(response, answer) {
  /** @type {Buffer[]} */
  const chunks = [];
  const { write, end } = response;
  const keep = (/** @type {unknown} */ chunk) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  response.write = (/** @type {unknown} */ chunk) => {
    keep(chunk);
    return true;
  };
  response.end = (/** @type {unknown} */ chunk) => {
    keep(chunk);
    return response;
  };
  try {
    await answer();
  } finally {
    Object.assign(response, { write, end });
  }
  return Buffer.concat(chunks);
}

/**
 * @param {number} milliseconds
 * @param {Request} request whose end is the end of the sleep too
 * @returns {Promise<void>}
 */
function sleep(milliseconds, request) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      request.socket.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    request.socket.once('close', done);
  });
}
