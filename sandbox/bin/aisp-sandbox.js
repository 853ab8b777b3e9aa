#!/usr/bin/env node
// Starts a sandbox from the command line and says how to reach it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { banner } from '../src/banner.js';
import { OptionError, refreshTokenMode } from '../src/options.js';
import { ScenarioError } from '../src/scenario-file.js';
import { watchScenario } from '../src/scenario-watch.js';
import { startSandbox } from '../src/server.js';

const HELP = `Usage: aisp-sandbox [options]

A local sandbox of the Oakford account-information API.

  --scenario NAME|FILE  one of those that the sandbox lists when it starts, or a JSON file, loaded anew when it changes
  --port N              port to listen on; default 8787, 0 for a free one
  --host HOST           host name or address to listen on; default 127.0.0.1, in a container 0.0.0.0
  --public-url URL      origin by which clients reach the sandbox, and the issuer, such as http://sandbox:8787
  --no-rate-limit       answer every call, however many there are
  --access-token-ttl S  seconds an access token lives; default 3600
  --refresh-tokens HOW  rotate (default), grace (the last one is accepted again for 10 seconds) or keep (no rotation)
  --consent-days D      days a consent lasts; default 90
  --seed TEXT           what the data are made from; default "oakford"
  --now TIME            where the sandbox clock starts, RFC 3339; default AISP_SANDBOX_NOW, or the machine's clock
  --help, --version
`;

/** A mistake in the arguments: said in one line, without a stack. */
class UsageError extends Error {}

try {
  await main();
} catch (error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code;
  const mistakes = [UsageError, OptionError, ScenarioError];
  if (mistakes.some((kind) => error instanceof kind) || code?.startsWith('ERR_PARSE_ARGS'))
    fail(/** @type {Error} */ (error).message);
  else if (code === 'EADDRINUSE')
    fail('this port is taken: choose another with --port, or --port 0 for a free one');
  else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    fail('--host names no address of this machine: 0.0.0.0 stands for all of them');
  else throw error;
}

async function main() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      'public-url': { type: 'string' },
      'no-rate-limit': { type: 'boolean', default: false },
      'access-token-ttl': { type: 'string' },
      'refresh-tokens': { type: 'string' },
      'consent-days': { type: 'string' },
      seed: { type: 'string' },
      now: { type: 'string' },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.version) return void console.log(version());

  const sandbox = await startSandbox({
    port: wholeNumber('port', values.port, 0, 65_535),
    host: values.host,
    ...(values['public-url'] === undefined ? {} : { publicUrl: values['public-url'] }),
    ...(values.scenario === undefined ? {} : { scenario: values.scenario }),
    ...(values['no-rate-limit'] ? { rateLimit: false } : {}),
    ...(values['access-token-ttl']
      ? { accessTokenTtl: wholeNumber('access-token-ttl', values['access-token-ttl'], 1) }
      : {}),
    ...(values['refresh-tokens'] === undefined
      ? {}
      : { refreshTokens: refreshTokenMode(values['refresh-tokens']) }),
    ...(values['consent-days']
      ? { consentDays: wholeNumber('consent-days', values['consent-days'], 1) }
      : {}),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(values.now === undefined ? {} : { now: values.now }),
  });
  console.log(banner(sandbox, values.host));
  const unwatch = values.scenario?.endsWith('.json') ? watch(values.scenario, sandbox) : () => {};
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      unwatch();
      void sandbox.close();
    });
  }
}

/**
 * @param {string} file
 * @param {import('../types/testing.d.ts').Sandbox} sandbox
 */
function watch(file, { scenarios }) {
  return watchScenario(file, scenarios, {
    loaded: () => console.log(`  ${file} has changed and is loaded.`),
    refused: (problem) =>
      console.log(`  ${file} has changed, but what was loaded before stays:\n  ${problem}`),
  });
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} from
 * @param {number} [to]
 */
function wholeNumber(name, text, from, to = Number.MAX_SAFE_INTEGER) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to))
    throw new UsageError(`--${name} must be a whole number from ${from} to ${to}`);
  return number;
}

function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** @param {string} message */
function fail(message) {
  console.error(`aisp-sandbox: ${message}`);
  process.exitCode = 1;
}
