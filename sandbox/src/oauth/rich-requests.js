// Rich authorization requests (RFC 9396) for account information: what may be asked for, and what was granted of it.
import { API_PATH } from '../api/path.cjs';

export const DETAIL_TYPE = 'account_information';

/** What may be done with an account; the first is always granted. */
export const ACTIONS = /** @type {const} */ (['list_accounts', 'read_balances', 'read_transactions']);

/** @typedef {(typeof ACTIONS)[number]} Action */
/** @typedef {{ iban?: string, bban?: string, account_id?: string, currency?: string }} AccountName */
/** @typedef {{ type: string, actions?: Action[], locations?: string[], accounts?: AccountName[], valid_until?: string }} Detail */
/** @typedef {{ actions: readonly Action[], accounts: AccountName[] | undefined, until: number | undefined }} Wish what an app asks for; `until`: the end of the consent's last day */

/** What an app that sends no details asks for: whatever the customer ticks. */
export const ANYTHING = /** @type {Wish} */ ({ actions: ACTIONS, accounts: undefined, until: undefined });

/**
 * @param {unknown} parameter `authorization_details` of a request that the provider has accepted
 * @returns {Wish | undefined}
 */
export function wishOf(parameter) {
  if (typeof parameter !== 'string') return undefined;
  const [detail] = /** @type {Detail[]} */ (JSON.parse(parameter));
  if (detail === undefined) return undefined;
  const { actions = ACTIONS, accounts, valid_until: until } = detail;
  return { actions, accounts, until: until === undefined ? undefined : Date.parse(`${until}T23:59:59Z`) };
}

/**
 * @param {Wish} wish
 * @param {{ id: string, currency: string, numbers: { iban?: string, bban?: string } }} account
 */
export function wants({ accounts }, { id, currency, numbers }) {
  const is = (/** @type {string | undefined} */ named, /** @type {string | undefined} */ actual) =>
    named === undefined || named === actual;
  return (
    accounts === undefined ||
    accounts.some(
      (named) =>
        is(named.account_id, id) &&
        is(named.iban, numbers.iban) &&
        is(named.bban, numbers.bban) &&
        is(named.currency, currency),
    )
  );
}

/**
 * @param {string} location the API
 * @param {Wish} wish
 * @param {{ id: string, numbers: { iban?: string } }[]} accounts those that the customer ticked
 * @param {string} expiresAt RFC 3339
 * @returns {Detail} as the token answer tells it (RFC 9396, 7)
 */
export function granted(location, { actions }, accounts, expiresAt) {
  return {
    type: DETAIL_TYPE,
    actions: [...actions],
    locations: [location],
    accounts: accounts.map(({ id, numbers: { iban } }) => ({ account_id: id, ...(iban ? { iban } : {}) })),
    valid_until: expiresAt.slice(0, 10),
  };
}

/**
 * @param {typeof import('oidc-provider').errors} errors
 * @returns {any} the provider's settings for rich requests; its types know an older form of them
 */
export function richRequests({ InvalidAuthorizationDetails }) {
  return {
    enabled: true,
    types: {
      [DETAIL_TYPE]: {
        validate(/** @type {any} */ ctx, /** @type {any} */ detail) {
          const problem = problemOf(detail, JSON.parse(ctx.oidc.params.authorization_details));
          if (problem) throw new InvalidAuthorizationDetails(problem);
        },
      },
    },
    authorizationDetailsForGrantSource: (/** @type {any} */ ctx) => ctx.oidc.grant.rar,
    authorizationDetailsForAccessToken: (
      /** @type {any} */ _ctx,
      /** @type {any} */ _token,
      /** @type {any} */ source,
    ) => source.rar,
    authorizationDetailsForIntrospection: (/** @type {any} */ _ctx, /** @type {any} */ token) => token.rar,
  };
}

const FIELDS = ['type', 'actions', 'locations', 'accounts', 'valid_until'];
const NAMES = ['iban', 'bban', 'account_id', 'currency'];

/**
 * @param {Record<string, any>} detail
 * @param {unknown[]} all
 * @returns {string | undefined} what is wrong with it
 */
function problemOf(detail, all) {
  const { actions, locations, accounts, valid_until: until } = detail;
  if (all.length > 1) return 'a consent has one detail';
  const unknown = Object.keys(detail).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return `there is no field '${unknown}'`;
  if (
    actions &&
    !(actions.includes(ACTIONS[0]) && actions.every((/** @type {any} */ each) => ACTIONS.includes(each)))
  )
    return `'actions' must be ${ACTIONS[0]} and some of ${ACTIONS.slice(1).join(', ')}`;
  if (locations && !locations.some(isThisApi)) return `'locations' must name this API`;
  if (
    accounts !== undefined &&
    !(Array.isArray(accounts) && accounts.length > 0 && accounts.every(isAccountName))
  )
    return `'accounts' must be objects with ${NAMES.join(', ')}`;
  if (until === undefined) return undefined;
  if (typeof until !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until)))
    return "'valid_until' must be a date, YYYY-MM-DD";
  // By the machine's clock: the app has reckoned it by its own.
  return until < new Date().toISOString().slice(0, 10) ? "'valid_until' is over" : undefined;
}

/** @param {string} location */
function isThisApi(location) {
  return URL.canParse(location) && new URL(location).pathname.replace(/\/$/, '') === API_PATH;
}

/** @param {unknown} value */
function isAccountName(value) {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 && entries.every(([name, text]) => NAMES.includes(name) && typeof text === 'string')
  );
}
