// Checks the access token of an API call, bearer or DPoP-bound, and the consent behind it.
import { dpopThumbprint } from './dpop.js';
import { ApiProblem } from './errors.js';

const REALM = 'Oakford AISP';
const SCOPE = 'accounts';

/** @typedef {{ clientId: string, consent: import('../oauth/consents.js').ConsentRecord | undefined, scopes: Set<string> }} Access */

/**
 * @param {import('koa').Context} ctx
 * @param {import('oidc-provider').default} provider
 * @param {import('./dpop.js').DpopNonces} nonces
 * @param {import('../oauth/consents.js').ConsentRegister} consents
 * @returns {Promise<Access>}
 */
export async function authenticate(ctx, provider, nonces, consents) {
  const [scheme = '', value = '', ...rest] = ctx.get('Authorization').split(' ');
  const kind = scheme.toLowerCase();
  if (kind === '') throw unauthorized('Bearer', undefined, 'An access token is needed');
  if ((kind !== 'bearer' && kind !== 'dpop') || value === '' || rest.length > 0) {
    throw new ApiProblem(
      400,
      'invalid_request',
      'The Authorization header must be "Bearer" or "DPoP" and a token',
    );
  }
  const token = await provider.AccessToken.find(value);
  // The provider grants some seconds of tolerance; a token that is to expire on time has none.
  if (!token || token.isExpired)
    throw unauthorized(
      kind === 'dpop' ? 'DPoP' : 'Bearer',
      'invalid_token',
      'The access token is unknown or has expired',
    );
  await checkBinding(ctx, kind, value, token, provider, nonces);
  return { clientId: token.clientId ?? '', consent: consents.get(token.grantId), scopes: token.scopes };
}

/**
 * @param {Access} access
 * @param {import('../oauth/consents.js').ConsentRegister} consents
 * @returns {import('../oauth/consents.js').ConsentRecord}
 */
export function authorize({ consent, scopes }, consents) {
  if (!scopes.has(SCOPE)) throw insufficientScope(`The access token lacks the scope ${SCOPE}`);
  const status = consent && consents.status(consent);
  if (consent && status === 'valid') return consent;
  if (status === 'expired') {
    throw new ApiProblem(403, 'consent_expired', 'The consent has expired: the customer has to give it anew');
  }
  throw new ApiProblem(403, 'consent_revoked', 'The customer has withdrawn the consent');
}

/**
 * @param {import('../oauth/consents.js').ConsentRecord} consent
 * @param {import('../oauth/rich-requests.js').Action} action
 */
export function demand({ actions }, action) {
  if (!actions.includes(action)) throw insufficientScope(`The consent does not cover ${action}`);
}

/** @param {string} description */
function insufficientScope(description) {
  return new ApiProblem(403, 'insufficient_scope', description, {
    'WWW-Authenticate': challenge('Bearer', {
      error: 'insufficient_scope',
      error_description: description,
      scope: SCOPE,
    }),
  });
}

/**
 * @param {import('koa').Context} ctx
 * @param {string} kind
 * @param {string} value
 * @param {{ jkt?: string | undefined, clientId?: string | undefined }} token
 * @param {import('oidc-provider').default} provider
 * @param {import('./dpop.js').DpopNonces} nonces
 */
async function checkBinding(ctx, kind, value, token, provider, nonces) {
  if (token.jkt === undefined) {
    if (kind === 'dpop')
      throw unauthorized('DPoP', 'invalid_token', 'The access token is not bound to a key');
    return;
  }
  if (kind !== 'dpop') throw unauthorized('DPoP', 'invalid_token', 'The access token needs a DPoP proof');
  const client = await provider.Client.find(token.clientId ?? '');
  const nonceNeeded = client?.fapi_profile === '2.0';
  const thumbprint = await dpopThumbprint(ctx, value, nonces, nonceNeeded, unauthorizedDpop);
  if (thumbprint !== token.jkt) {
    throw unauthorized('DPoP', 'invalid_token', 'The access token is bound to another key');
  }
}

/** @param {string} code @param {string} description */
const unauthorizedDpop = (code, description) => unauthorized('DPoP', code, description);

/**
 * @param {'Bearer' | 'DPoP'} scheme
 * @param {string | undefined} code absent where no token was sent (RFC 6750, 3.1)
 * @param {string} description
 */
function unauthorized(scheme, code, description) {
  /** @type {Record<string, string>} */
  const details = code === undefined ? {} : { error: code, error_description: description };
  return new ApiProblem(401, code ?? 'invalid_token', description, {
    'WWW-Authenticate': challenge(scheme, details),
  });
}

/**
 * @param {'Bearer' | 'DPoP'} scheme
 * @param {Record<string, string>} parameters
 */
function challenge(scheme, parameters) {
  const all = {
    realm: REALM,
    ...parameters,
    ...(scheme === 'DPoP' ? { algs: 'ES256 PS256 Ed25519 EdDSA' } : {}),
  };
  return `${scheme} ${Object.entries(all)
    .map(([name, text]) => `${name}="${text}"`)
    .join(', ')}`;
}
