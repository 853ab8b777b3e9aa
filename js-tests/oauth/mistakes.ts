// Compiled by types.test.mjs: options with a mistake each, and what the compiler has to say of it.
import { createClient } from '@oakford/aisp';

declare const key: CryptoKey;
declare const env: Record<string, string | undefined>;
const common = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' } as const;
const keyAuth = { method: 'private_key_jwt', privateKey: key } as const;

// says: Property 'redirectUri' is missing in type '{ environment: "sandbox"; clientId: string; }' but required in type 'OAuth2Options'.
createClient({ environment: 'sandbox', clientId: 'a' });
// says: 'clientID' does not exist in type 'ClientOptions'. Did you mean to write 'clientId'?
createClient({ environment: 'sandbox', clientID: 'a', redirectUri: 'https://a.example/cb' });
// says: 'scopes' does not exist in type 'ClientOptions'. Did you mean to write 'scope'?
createClient({ ...common, scopes: ['openid'] });
// says: Type 'string' is not assignable to type 'readonly string[]'.
createClient({ ...common, scope: 'openid accounts' });
// says: Did you mean '"sandbox"'?
createClient({ environment: 'sandbx', clientId: 'a', redirectUri: 'https://a.example/cb' });
// says: Type 'undefined' is not assignable to type 'string'.
createClient({ environment: 'sandbox', clientId: env.CLIENT_ID, redirectUri: 'https://a.example/cb' });
// says: Property 'privateKey' is missing in type '{ method: "private_key_jwt"; }' but required in type 'PrivateKeyJwt'.
createClient({ ...common, clientAuth: { method: 'private_key_jwt' } });

// says: Types of property 'clientSecret' are incompatible.
createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth, clientSecret: 's' });
// says: Property 'clientAuth' is missing in type
createClient({ ...common, profile: 'fapi2' });
// says: Type 'false' is not assignable to type 'true | DpopKeys | undefined'.
createClient({ ...common, profile: 'fapi2', clientAuth: keyAuth, dpop: false });
// says: Type '"client_secret_basic"' is not assignable to type '"private_key_jwt" | "tls_client_auth"'.
createClient({ ...common, profile: 'fapi2', clientAuth: { method: 'client_secret_basic' } });
