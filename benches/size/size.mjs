// Prints what a browser loads of this package and of rivals, in KB (1,000 bytes) of brotli, minified.
//
//   npm run size

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from '../../scripts/build.mjs';
import { brotli, loaded } from './loaded.mjs';
import { loadedByLogin } from './login.mjs';

const APP = "export { createClient } from '@oakford/aisp';";
const EVERYTHING = "export * from '@oakford/aisp';";
const FLOW =
  'export { discovery, buildAuthorizationUrl, authorizationCodeGrant, refreshTokenGrant, randomPKCECodeVerifier, calculatePKCECodeChallenge, randomState, fetchProtectedResource }';
const ZOD = 'export { array, boolean, enum, looseObject, nullish, regex, string }';
// What an application needs beside an OAuth client for the same work: validation, a rate limiter, retries, exact decimals.
const SAME_WORK = (retry) =>
  `${ZOD} from 'zod'; export { default as Bottleneck } from 'bottleneck'; export { default as retry } from '${retry}'; export { default as Big } from 'big.js';`;
const RIVALS = {
  'openid-client, code flow and refresh': `${FLOW} from 'openid-client';`,
  'openid-client, everything': "export * from 'openid-client';",
  oauth4webapi: "export * from 'oauth4webapi';",
  'oidc-client-ts': "export { UserManager } from 'oidc-client-ts';",
  'auth0-spa-js': "export { Auth0Client } from '@auth0/auth0-spa-js';",
  'zod, as a schema of the models takes': `${ZOD} from 'zod';`,
  ajv: "export { default } from 'ajv';",
  'openid-client, code flow and refresh, with zod': `${FLOW} from 'openid-client'; ${ZOD} from 'zod';`,
  'openid-client + zod + bottleneck + ky + big.js': `${FLOW} from 'openid-client'; ${SAME_WORK('ky')}`,
  'oidc-client-ts + zod + bottleneck + p-retry + big.js': `export { UserManager } from 'oidc-client-ts'; ${SAME_WORK('p-retry')}`,
  'auth0-spa-js + zod + bottleneck + p-retry + big.js': `export { Auth0Client } from '@auth0/auth0-spa-js'; ${SAME_WORK('p-retry')}`,
};

await build();
const wasm = readFileSync(createRequire(import.meta.url).resolve('@oakford/aisp/sdk.wasm'));
const app = await loaded(APP);
const everything = await loaded(EVERYTHING);
const login = await loadedByLogin();
const rows = [
  ['@oakford/aisp, code flow and typed calls: loaded at first', app.first],
  ['@oakford/aisp, a default login and a first page of transactions: in all', login.bytes],
  ['@oakford/aisp with everything used', everything.all],
  ['for comparison: sdk.wasm, the whole wasm in one file', brotli(wasm)],
];
for (const [name, code] of Object.entries(RIVALS)) rows.push([name, (await loaded(code)).first]);
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, bytes] of rows)
  console.log(`${name.padEnd(width)}  ${(bytes / 1000).toFixed(1).padStart(6)}`);
console.log(`\nThe login loads ${login.files.join(', ')}.`);
console.log(`sdk.wasm has ${wasm.length.toLocaleString('en')} bytes.`);
