// Faults in words: which requests, how many of them, and what goes wrong. CommonJS, so that both entries share it.
const { API_PATH } = require('./api/path.cjs');

/** @typedef {import('../types/testing.d.ts').FaultPlan} FaultPlan */
/** @typedef {import('../types/testing.d.ts').FaultSpec} FaultSpec */

/** @type {typeof import('../types/testing.d.ts').faultsOn} */
exports.faultsOn = (sandbox, path, method) => {
  const whole = path.startsWith('/accounts') ? API_PATH + path : path;
  return plan(sandbox.faults, { path: whole, ...(method === undefined ? {} : { method }) }, {});
};

/**
 * @param {import('../types/testing.d.ts').Faults} faults
 * @param {NonNullable<FaultSpec['match']>} match
 * @param {Pick<FaultSpec, 'skip' | 'times'>} count
 * @returns {FaultPlan}
 */
function plan(faults, match, count) {
  const next = (/** @type {typeof count} */ more) => plan(faults, match, { ...count, ...more });
  /** @type {(fault: FaultSpec['fault'], options?: Partial<FaultSpec>) => import('../types/testing.d.ts').Fault} */
  const add = (fault, options = {}) => faults.add({ ...options, ...count, match, fault });
  return {
    skip: (requests) => next({ skip: requests }),
    times: (requests) => next({ times: requests }),
    always: () => next({ times: null }),
    resetsBefore: () => add('reset_before'),
    resetsAfter: () => add('reset_after'),
    cutsBody: () => add('cut_body'),
    drips: (options) => add('drip', options),
    stalls: (delayMs) => add('stall', { delayMs }),
    delays: (delayMs) => add('latency', { delayMs }),
    hangs: () => add('hang'),
    tooManyRequests: (options) => add('rate_limited', options),
    answers: (status, options) => add('status', { ...options, status }),
    badGateway: () => add('html_502'),
    emptyBody: () => add('empty_200'),
    redirects: (location) => add('redirect', { location }),
    consentExpired: () => add('consent_expired'),
    consentRevoked: () => add('consent_revoked'),
    repeatsCursor: () => add('cursor_loop'),
    staleKeys: () => add('stale_keys'),
    skewsClock: (skewMs) => add('clock_skew', { skewMs }),
  };
}
