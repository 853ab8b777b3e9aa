// The API's errors, as they go over the wire.
import { instant } from '../clock.js';

/** An answer that is an error by the contract. */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} description
   * @param {Record<string, string>} [headers]
   */
  constructor(status, code, description, headers = {}) {
    super(description);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/**
 * @param {string} code
 * @param {string} description
 * @param {number} now milliseconds
 * @param {string} [requestId]
 */
export function errorBody(code, description, now, requestId) {
  return {
    error: code,
    error_description: description,
    timestamp: instant(now),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** @param {string} description */
export const invalidRequest = (description) => new ApiProblem(400, 'invalid_request', description);

export const accountNotFound = () =>
  new ApiProblem(404, 'account_not_found', 'There is no such account, or the consent does not cover it');
