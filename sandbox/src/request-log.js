// What reached the sandbox, for tests to count and inspect, without any secret in it.
import { createHash } from 'node:crypto';
import { requestMatcher } from './path-pattern.js';

/** @typedef {import('../types/testing.d.ts').LoggedRequest} LoggedRequest */
/** @typedef {{ -readonly [K in keyof LoggedRequest]: LoggedRequest[K] }} Entry */
/** @typedef {{ method?: string, path?: string, grantType?: string, status?: number }} Match */

const KEPT = 10_000;
const SECRET_FIELDS = new Set([
  'access_token',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'id_token_hint',
  'password',
  'refresh_token',
  'token',
]);
const SECRET_HEADERS = new Set(['cookie', 'dpop']);

export class RequestLog {
  /** @type {Entry[]} */
  #entries = [];
  #nextId = 1;

  /** @param {import('node:http').IncomingMessage} request @returns {Entry} */
  begin(request) {
    // Not by `URL`: what reached the sandbox is shown as it came, odd paths too.
    const [path = '/', ...query] = (request.url ?? '/').split('?');
    /** @type {Entry} */
    const entry = {
      id: this.#nextId++,
      at: Date.now(),
      method: request.method ?? '',
      path,
      query: fields(new URLSearchParams(query.join('?'))),
      headers: headersOf(request.headers),
    };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    return entry;
  }

  /** The id of the oldest that is kept, or of the next one. */
  get firstId() {
    return this.#entries[0]?.id ?? this.#nextId;
  }

  get length() {
    return this.#entries.length;
  }

  /** @param {Match} match @returns {LoggedRequest[]} */
  filter({ grantType, status, ...match }) {
    const matches = requestMatcher(match);
    return this.#entries.filter(
      (entry) =>
        matches(entry.method, entry.path) &&
        (grantType === undefined || entry.form?.grant_type === grantType) &&
        (status === undefined || entry.status === status),
    );
  }

  /** @param {Match} match */
  count(match) {
    return this.filter(match).length;
  }

  clear() {
    this.#entries = [];
  }

  /** @returns {Iterator<LoggedRequest>} */
  [Symbol.iterator]() {
    return this.#entries[Symbol.iterator]();
  }

  toJSON() {
    return this.#entries;
  }
}

/** @param {Iterable<[string, unknown]>} form @returns {Record<string, string>} */
export function redactedForm(form) {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, SECRET_FIELDS.has(name) ? mark(String(value)) : String(value)]),
  );
}

/** @param {URLSearchParams} parameters */
function fields(parameters) {
  /** @type {Record<string, string | string[]>} */
  const found = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name).map((value) => (SECRET_FIELDS.has(name) ? mark(value) : value));
    found[name] = values.length === 1 ? /** @type {string} */ (values[0]) : values;
  }
  return found;
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function headersOf(headers) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      shownHeader(name, Array.isArray(value) ? value.join(', ') : (value ?? '')),
    ]),
  );
}

/** @param {string} name @param {string} value */
function shownHeader(name, value) {
  if (SECRET_HEADERS.has(name)) return mark(value);
  if (name !== 'authorization') return value;
  const [scheme, ...rest] = value.split(' ');
  return `${scheme} ${mark(rest.join(' '))}`;
}

/** @param {string} secret @returns {string} the same for the same secret */
function mark(secret) {
  return `sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`;
}
