/** The error classes of the public interface. The core decides what went wrong; this file gives it a class and a stack. */

import type { ErrorCodes } from './generated/codes.js';
import { INVALID_OPTION } from './generated/host-errors.js';

/** A known code: one of this SDK's, or one that servers are known to send. */
export type ErrorCode = ErrorCodes[keyof ErrorCodes];

/** Shared by every copy of this package in a process, so that `instanceof` holds between ESM and CommonJS. */
const BRAND = Symbol.for('@oakford/aisp/error');

/** What an error is made from. The SDK makes its errors itself; tests of an application may make one to see how it is handled. */
export interface ErrorDetails {
  /** The name of the class. */
  class: string;
  /** As `AispError.code`. */
  code: string;
  /** As `AispError.serverCode`. */
  serverCode?: string;
  /** What is wrong, what was found and what to do, in at most two sentences. */
  message: string;
  /** The HTTP status. */
  status?: number;
  /** As `AispError.requestId`. */
  requestId?: string;
  /** RFC 3339. */
  timestamp?: string;
  /** Default: false. */
  retryable?: boolean;
  /** Default: false. */
  reauthRequired?: boolean;
  /** Default: `'no'`. */
  requestSent?: 'no' | 'yes' | 'unknown';
  /** Default: 0. */
  attempts?: number;
  /** RFC 3339. */
  retryAt?: string;
  /** As `ConfigurationError.path` and `ResponseError.path`. */
  path?: string;
  /** As `ConfigurationError.expected` and `ResponseError.expected`. */
  expected?: string;
  /** As `ConfigurationError.found` and `ResponseError.found`. */
  found?: string;
  /** The chain of causes, the outermost first. */
  causes?: readonly CauseDetails[];
}

/** One link of a cause chain: what the platform's error said, redacted. */
export interface CauseDetails {
  /** The error's name, such as `TypeError`. */
  name: string;
  /** The error's message, without secrets. */
  message: string;
  /** The platform's code, such as `ECONNREFUSED`. */
  code?: string;
}

/**
 * The base of all errors of this SDK. No error shows a token, secret, code, verifier, or an unmasked IBAN or card
 * number, neither in its message nor in any property or cause.
 */
export class AispError extends Error {
  /** A stable code, listed in `docs/errors.md`, or the server's own. */
  readonly code: ErrorCode | (string & {});
  /** The server's code, if it is one of this SDK's own: then `code` is `http_` and the status, or `authorization_refused`. */
  declare readonly serverCode?: string;
  /** The HTTP status, where the server answered. */
  declare readonly status?: number;
  /** The `X-Request-ID` of the exchange: name it to support. */
  declare readonly requestId?: string;
  /** When the server says that it happened (RFC 3339). */
  declare readonly timestamp?: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Whether the customer has to go through the authorization again. */
  readonly reauthRequired: boolean;
  /** Whether the server may have acted on the request. */
  readonly requestSent: 'no' | 'yes' | 'unknown';
  /** How many requests were sent for the call. */
  readonly attempts: number;
  /** When to try again (RFC 3339), if the server gave a time or the wait does not fit before the call's deadline. */
  declare readonly retryAt?: string;
  /** Where a listing that failed goes on: pass it as `checkpoint`. */
  declare readonly checkpoint?: string;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.code = details.code;
    this.retryable = details.retryable ?? false;
    this.reauthRequired = details.reauthRequired ?? false;
    this.requestSent = details.requestSent ?? 'no';
    this.attempts = details.attempts ?? 0;
    for (const name of [
      'serverCode',
      'status',
      'requestId',
      'timestamp',
      'retryAt',
      'path',
      'expected',
      'found',
    ] as const) {
      if (details[name] !== undefined) Object.assign(this, { [name]: details[name] });
    }
    Object.defineProperty(this, BRAND, { value: lineage(new.target) });
  }

  /**
   * Where the documentation explains the code: a path in this project, such as `docs/errors.md#consent_expired`. The anchor of a code
   * `http_` and a status is `http_status`; a server's code that is not known there has none.
   */
  get help(): string {
    return `docs/errors.md#${this.code.replace(/^http_\d+$/, 'http_status')}`;
  }

  /** The error as a plain object, for logs. */
  toJSON(): object {
    return Object.assign({ name: this.name, message: this.message }, this);
  }

  /** Holds between the ESM and CommonJS copies of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const names: unknown = (value as Record<symbol, unknown> | null | undefined)?.[BRAND];
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this and ask for themselves.
    return Array.isArray(names) && names.includes(this.prototype.name);
  }
}

function lineage(start: { prototype: Error }): string[] {
  const names: string[] = [];
  for (let at = start.prototype; at !== Error.prototype; at = Object.getPrototypeOf(at)) names.push(at.name);
  return names;
}

/** An option or argument is wrong. Nothing was sent, unless `requestSent` says so: a `fetch` shows late that it gives no `Response`. */
export class ConfigurationError extends AispError {
  /** The option that is wrong, such as `environment.baseUrl`. */
  declare readonly path?: string;
  /** What was expected there. */
  declare readonly expected?: string;
  /** What was found: a type, a fault in words, or an integer that is out of range; never another value. */
  declare readonly found?: string;
}

/** The callback of an authorization is a refusal, forged, stale or used. */
export class AuthorizationError extends AispError {}

/** The token, pushed-authorization or revocation endpoint refused. `code` is the server's (RFC 6749, section 5.2). */
export class OAuthError extends AispError {}

/** The API answered with an error. `code` is the server's. */
export class ApiError extends AispError {}

/** Too many requests: the server says so (429), or the wait for a turn does not fit before the deadline (`rate_limit_wait`). */
export class RateLimitError extends ApiError {}

/** The customer's consent expired (`consent_expired`), was revoked (`consent_revoked`), or the bank wants strong authentication (`sca_required`). */
export class ConsentError extends ApiError {}

/** No answer came, or it broke off. */
export class NetworkError extends AispError {}

/** An attempt (`timeout`) or the whole call (`deadline_exceeded`) took too long. */
export class TimeoutError extends AispError {}

/** The caller's signal ended the call; `cause` is the signal's reason, unchanged. */
export class AbortError extends AispError {}

/** The answer is not what the contract says. */
export class ResponseError extends AispError {
  /** Where in the body, such as `transactions[17].transaction_amount.amount`. */
  declare readonly path?: string;
  /** What the contract says. */
  declare readonly expected?: string;
  /** The JSON type found, never the value itself. */
  declare readonly found?: string;
}

/** A defect of this SDK. The client goes on working. */
export class InternalError extends AispError {}

const classes = {
  AispError,
  ConfigurationError,
  AuthorizationError,
  OAuthError,
  ApiError,
  RateLimitError,
  ConsentError,
  NetworkError,
  TimeoutError,
  AbortError,
  ResponseError,
  InternalError,
} satisfies Record<keyof ErrorCodes | 'AispError', typeof AispError>;

for (const [name, type] of Object.entries(classes)) {
  // On the prototype and by hand: minifiers rename classes.
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** Makes the error that `details` describe, with the stack of `callSite`, where the user's call began. */
export function makeError(details: ErrorDetails, callSite?: Error, reason?: unknown): AispError {
  const type = classes[details.class as keyof typeof classes] ?? InternalError;
  const cause = details.class === 'AbortError' ? reason : chain(details.causes ?? []);
  const error = new type(details, cause === undefined ? undefined : { cause });
  const frames = callSite?.stack;
  if (frames) {
    const header = frames.startsWith('Error') ? `${error.name}: ${error.message}${frames.slice(5)}` : frames;
    Object.defineProperty(error, 'stack', { value: header, configurable: true, writable: true });
  }
  return error;
}

/** Returns `details` with `detail` in their message. */
export function withDetail(details: ErrorDetails, detail: string): ErrorDetails {
  return { ...details, message: details.message.replace('{}', () => detail) };
}

/** Returns the error of a wrong option that JavaScript notices itself. */
export function configurationError(path: string, expected: string, found: string): AispError {
  const details = withDetail(INVALID_OPTION, `\`${path}\` must be ${expected}, got ${found}.`);
  return new ConfigurationError({ ...details, path, expected, found });
}

/** Errors that say what the platform's errors said, without whatever else hangs on those (requests, headers). */
function chain(causes: readonly CauseDetails[]): Error | undefined {
  return causes.reduceRight<Error | undefined>((cause, { name, message, code }) => {
    const error = new Error(message, cause && { cause });
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
    if (code !== undefined) Object.assign(error, { code });
    error.stack = `${name}: ${message}`;
    return error;
  }, undefined);
}
