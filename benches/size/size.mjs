// Prints what a browser loads of this package and of rivals, in KB (1,000 bytes) of brotli, minified.
//
//   npm run size

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from '../../scripts/build.mjs';
import { brotli, loaded } from './loaded.mjs';

const APP = "export { createClient } from '@oakford/aisp';";
const EVERYTHING = "export * from '@oakford/aisp';";
const FLOW =
  'export { discovery, buildAuthorizationUrl, authorizationCodeGrant, refreshTokenGrant, randomPKCECodeVerifier, calculatePKCECodeChallenge, randomState, fetchProtectedResource }';
const ZOD = 'export { array, boolean, enum, looseObject, nullish, regex, string }';
const RIVALS = {
  'openid-client, code flow and refresh': `${FLOW} from 'openid-client';`,
  'openid-client, everything': "export * from 'openid-client';",
  oauth4webapi: "export * from 'oauth4webapi';",
  'oidc-client-ts': "export { UserManager } from 'oidc-client-ts';",
  'auth0-spa-js': "export { Auth0Client } from '@auth0/auth0-spa-js';",
  'zod, as a schema of the models takes': `${ZOD} from 'zod';`,
  ajv: "export { default } from 'ajv';",
  'openid-client, code flow and refresh, with zod': `${FLOW} from 'openid-client'; ${ZOD} from 'zod';`,
};

await build();
const wasm = readFileSync(createRequire(import.meta.url).resolve('@oakford/aisp/sdk.wasm'));
const app = await loaded(APP);
const everything = await loaded(EVERYTHING);
const rows = [
  ['@oakford/aisp, code flow, refresh and typed calls: loaded at first', app.first],
  ['@oakford/aisp with everything used', everything.all],
  ['for comparison: sdk.wasm, the whole wasm in one file', brotli(wasm)],
];
for (const [name, code] of Object.entries(RIVALS)) rows.push([name, (await loaded(code)).first]);
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, bytes] of rows)
  console.log(`${name.padEnd(width)}  ${(bytes / 1000).toFixed(1).padStart(6)}`);
console.log(`\nsdk.wasm has ${wasm.length.toLocaleString('en')} bytes.`);
