// The authorization server that every way is configured with; nothing is sent to it.

export const issuer = 'https://bank.example';
export const redirectUri = 'https://app.example/callback';
export const scope = 'openid accounts offline_access';
export const clientId = 'bench';
export const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  jwks_uri: `${issuer}/oauth/jwks`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
};
