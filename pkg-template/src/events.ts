/** The events that `onEvent` receives. None holds a secret or account data. */

/** What every event has. */
export interface TimedEvent {
  /** When, in milliseconds since the epoch. */
  at: number;
}

/** What every event of a call has. */
export interface CallEvent extends TimedEvent {
  /** The number of the call of this SDK that it belongs to; a refresh is a call of its own. */
  call: number;
}

/** What every event of a request has. */
export interface ExchangeEvent extends CallEvent {
  /** 1 for the first request of a call: with `call` it names an exchange. */
  attempt: number;
  /** The HTTP method. */
  method: 'GET' | 'POST';
  /** Without its query. */
  url: string;
  /** The `X-Request-ID` that was sent; calls to the authorization server have none. */
  id?: string;
}

/** A request goes out. */
export interface RequestEvent extends ExchangeEvent {
  /** Distinguishes the events. */
  type: 'request';
  /** How long it waited for its turn under the rate limit; absent where it did not. */
  waitedMs?: number;
}

/** An answer came, or none. Each request has one. */
export interface ResponseEvent extends ExchangeEvent {
  /** Distinguishes the events. */
  type: 'response';
  /** From the request to the end of the body. */
  durationMs: number;
  /** Absent where no answer came. */
  status?: number;
  /** The `X-Request-ID` that the server answered with. */
  requestId?: string;
  /** The error's code, where no whole answer came; `aborted` also where the call's deadline ended it. */
  error?: string;
}

/** An attempt failed, and will be made again. */
export interface RetryEvent extends ExchangeEvent {
  /** Distinguishes the events. */
  type: 'retry';
  /** How long is waited before. */
  waitMs: number;
  /** The status of the answer, where there was one. */
  status?: number;
  /** The error's code, where no whole answer came. */
  error?: string;
}

/** A call waits for its turn under the rate limit. */
export interface WaitEvent extends CallEvent {
  /** Distinguishes the events. */
  type: 'wait';
  /** The call's priority. */
  priority: 'interactive' | 'background';
  /** How many calls wait, this one included. */
  queued: number;
  /** When the next call can be sent (RFC 3339); absent where that hangs on an answer. */
  until?: string;
}

/** The tokens were renewed, or could not be. */
export interface RefreshEvent extends TimedEvent {
  /** Distinguishes the events. */
  type: 'refresh';
  /** The session's key. */
  key: string;
  /** From the request to the stored tokens, waits included. */
  durationMs: number;
  /** The error's code, where it failed. */
  error?: string;
}

/** The server sent a value in another shape than the contract says; it was read all the same. Sent once for each shape. */
export interface DriftEvent extends TimedEvent {
  /** Distinguishes the events. */
  type: 'drift';
  /** Where, such as `transactions[].remittance_information_unstructured`. */
  path: string;
  /** What the contract says. */
  expected: string;
  /** The JSON type that came. */
  found: string;
}

/** A customer's consent ends in seven days or less. Sent once for each session and consent expiry. */
export interface ConsentEvent extends TimedEvent {
  /** Distinguishes the events. */
  type: 'consent';
  /** The session's key. */
  key: string;
  /** RFC 3339. */
  expiresAt: string;
  /** Whole days. */
  daysLeft: number;
}

/** A part of the option `psu` can't be sent, and was left out of the call. */
export interface PsuEvent extends CallEvent {
  /** Distinguishes the events. */
  type: 'psu';
  /** The option that was left out. */
  option: 'psu.ipAddress' | 'psu.userAgent';
  /** Why: the address is private or has a zone, or the name is not ASCII. */
  reason: 'private_address' | 'not_ascii';
  /** Whether the call is sent without an IP address, so that the bank counts it as unattended. */
  unattended: boolean;
}

/** Any event. */
export type AispEvent =
  | RequestEvent
  | ResponseEvent
  | RetryEvent
  | WaitEvent
  | RefreshEvent
  | ConsentEvent
  | PsuEvent
  | DriftEvent;
