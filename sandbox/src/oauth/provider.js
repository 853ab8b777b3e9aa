// The OpenID provider: oidc-provider on the documented paths, with what an account-information API asks of it.
import { randomBytes } from 'node:crypto';
import { API_PATH } from '../api/path.cjs';
import { errorPage, loggedOutPage, logoutPage } from '../pages/provider-pages.js';
import { PLAIN, STRONG } from './interactions.js';
import { isLoopbackRedirect } from './loopback.js';
import { richRequests } from './rich-requests.js';
import { createStore } from './store.js';

/** @typedef {import('oidc-provider').default} Provider */
/** @typedef {import('../../types/testing.d.ts').SandboxClient} SandboxClient */

/**
 * @typedef {object} ProviderSettings
 * @property {string} issuer
 * @property {import('../clock.js').Clock} clock
 * @property {SandboxClient[]} clients
 * @property {{ keys: import('jose').JWK[] }} jwks
 * @property {readonly import('../data/customers.js').Customer[]} customers
 * @property {{ accessToken: number, refreshToken: number, authorizationCode: number }} ttl in seconds
 * @property {import('../../types/testing.d.ts').RefreshTokenMode} refreshTokens
 */

const HOUR = 3600;
const DAY = 24 * HOUR;

/** @param {ProviderSettings} settings */
export async function createProvider(settings) {
  const { default: Provider, errors } = await loadProvider();
  const provider = new Provider(settings.issuer, configuration(settings, errors));
  askForConsentAlways(provider);
  acceptLoopbackRedirects(provider);
  return provider;
}

/** Its makers warn on every Node before 22; that it works on Node 20 is what our tests show. */
async function loadProvider() {
  const { warn } = console;
  console.warn = (...said) => {
    if (!String(said[0]).includes('Unsupported runtime')) warn(...said);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

/**
 * @param {ProviderSettings} settings
 * @param {typeof import('oidc-provider').errors} errors
 * @returns {import('oidc-provider').Configuration}
 */
function configuration({ issuer, clock, clients, jwks, customers, ttl, refreshTokens }, errors) {
  return {
    adapter: createStore(clock, refreshTokens),
    clients: /** @type {import('oidc-provider').ClientMetadata[]} */ (clients),
    jwks: /** @type {import('oidc-provider').JWKS} */ (jwks),
    scopes: ['openid', 'accounts', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name', 'locale'], email: ['email', 'email_verified'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: ['any_loopback_redirect', 'fapi_profile'] },
    responseTypes: ['code'],
    acrValues: [STRONG, PLAIN],
    pkce: { required: () => true },
    rotateRefreshToken: refreshTokens !== 'keep',
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    // Bank customers are asked anew each time, so tokens don't hang on a browser session.
    expiresWithSession: async () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => true,
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      pushed_authorization_request: '/oauth/par',
      revocation: '/oauth/revoke',
      jwks: '/oauth/jwks',
      userinfo: '/oauth/userinfo',
      end_session: '/oauth/logout',
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: loggedOutPage },
      claimsParameter: { enabled: true },
      resourceIndicators: apiResource(`${issuer}${API_PATH}`, errors),
      richAuthorizationRequests: richRequests(errors),
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: (ctx) => ctx.oidc.client?.fapi_profile === '2.0',
      },
      fapi: {
        enabled: true,
        profile: (_ctx, client) => /** @type {'2.0' | undefined} */ (client?.fapi_profile),
      },
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
      idTokenSigningAlgValues: ['ES256', 'PS256', 'RS256', 'Ed25519', 'EdDSA'],
      dPoPSigningAlgValues: ['ES256', 'PS256', 'Ed25519', 'EdDSA'],
    },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    ttl: {
      AccessToken: ttl.accessToken,
      AuthorizationCode: ttl.authorizationCode,
      RefreshToken: ttl.refreshToken,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: DAY,
      // Longer than any consent: the API tells an expired consent by its own register.
      Grant: 3650 * DAY,
    },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      // Only logout sees the session: each connection is a new login, as at a bank.
      long: { httpOnly: true, sameSite: 'lax', path: '/oauth/logout' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    interactions: { url: async (_ctx, interaction) => `/connect/${interaction.uid}` },
    findAccount: async (_ctx, id) => {
      const customer = customers.find(({ username }) => username === id);
      return customer && { accountId: id, claims: async () => claimsOf(customer) };
    },
    renderError: errorPage,
  };
}

/**
 * Rich requests are for the API (RFC 8707), and need not say so. Tokens stay good for `userinfo` too.
 * @param {string} api
 * @param {typeof import('oidc-provider').errors} errors
 * @returns {any} the provider's settings
 */
function apiResource(api, { InvalidTarget }) {
  return {
    enabled: true,
    defaultResource: async (
      /** @type {any} */ ctx,
      /** @type {unknown} */ _client,
      /** @type {unknown} */ oneOf,
    ) => oneOf ?? (ctx.oidc.params.authorization_details ? api : undefined),
    useGrantedResource: async () => false,
    async getResourceServerInfo(/** @type {unknown} */ _ctx, /** @type {string} */ resource) {
      if (resource !== api) throw new InvalidTarget();
      return { scope: 'accounts', audience: api, accessTokenFormat: 'opaque' };
    },
  };
}

/**
 * @param {import('../data/customers.js').Customer} customer
 * @returns {import('oidc-provider').AccountClaims}
 */
function claimsOf({ username, name, locale }) {
  return { sub: username, name, locale, email: `${username}@customers.example`, email_verified: true };
}

/**
 * Every authorization asks for login and consent, as at a bank. The provider reads this from `prompt`; without
 * it, it would also drop `offline_access`.
 * @param {Provider} provider
 */
function askForConsentAlways(provider) {
  const { OIDCContext } = provider;
  const inherited = Object.getOwnPropertyDescriptor(OIDCContext.prototype, 'prompts')?.get;
  class BankContext extends OIDCContext {}
  /** @type {object} an accessor in the provider, though its types call it a field */
  const prototype = BankContext.prototype;
  Object.defineProperty(prototype, 'prompts', {
    get() {
      /** @type {Set<string>} */
      const asked = inherited?.call(this) ?? new Set();
      return asked.has('none') ? asked : asked.add('login').add('consent');
    },
  });
  Object.defineProperty(provider, 'OIDCContext', { value: BankContext });
}

/**
 * Demo clients take any redirect URI on a loopback address, so that every local app works unregistered.
 * @param {Provider} provider
 */
function acceptLoopbackRedirects({ Client }) {
  for (const check of /** @type {const} */ (['redirectUriAllowed', 'postLogoutRedirectUriAllowed'])) {
    const registered = Client.prototype[check];
    /** @this {InstanceType<typeof Client>} @param {string} uri */
    Client.prototype[check] = function allowed(uri) {
      return registered.call(this, uri) || (this.any_loopback_redirect === true && isLoopbackRedirect(uri));
    };
  }
}
