// A page whose policy forgets WebAssembly: reports what the SDK says to that.
import { ConfigurationError, createClient } from './node_modules/@oakford/aisp/standalone/index.js';

const run = new URLSearchParams(location.search).get('run');
const options = { environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/callback' };
const error = await createClient(options).catch((error) => error);
const said = [error instanceof ConfigurationError, error.code, error.message.includes("'wasm-unsafe-eval'")];
await fetch(`${run}/results`, { method: 'POST', body: JSON.stringify(said) });
