/** The events that `onEvent` is told. None holds a secret or account data. */

/** A request goes out. */
export interface RequestEvent {
  type: 'request';
  method: 'GET' | 'POST';
  /** Without its query. */
  url: string;
  /** The `X-Request-ID` that was sent; calls to the authorization server have none. */
  id?: string;
  /** 1 for the first request of a call. */
  attempt: number;
}

/** An answer came, or none. */
export interface ResponseEvent {
  type: 'response';
  method: 'GET' | 'POST';
  url: string;
  id?: string;
  durationMs: number;
  /** Absent where no answer came. */
  status?: number;
  /** The `X-Request-ID` that the server answered with. */
  requestId?: string;
  /** The error's code, where no whole answer came. */
  error?: string;
}

/** The tokens were renewed, or could not be. */
export interface RefreshEvent {
  type: 'refresh';
  /** The error's code, where it failed. */
  error?: string;
}

/** The server sent a value in another shape than the contract says; it was read all the same. Told once for each shape. */
export interface DriftEvent {
  type: 'drift';
  /** Where, such as `transactions[].remittance_information_unstructured`. */
  path: string;
  /** What the contract says. */
  expected: string;
  /** The JSON type that came. */
  found: string;
}

/** Any event. */
export type AispEvent = RequestEvent | ResponseEvent | RefreshEvent | DriftEvent;
