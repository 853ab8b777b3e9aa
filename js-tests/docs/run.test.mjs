/** The blocks of the documentation do what they show: programs run as they stand, fragments with a sandbox's session around them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { memoryStore } from '@oakford/aisp';
import ts from 'typescript';
import { makeCertificates } from '../support/certificates.mjs';
import { connect } from '../support/clients.mjs';
import { approve, sandboxForFile, startSandbox } from '../support/sandbox.mjs';
import { blocks, isProgram, root } from './blocks.mjs';

// Inside of the repository, so that packages are found.
const folder = join(root, 'target', 'docs-blocks');
mkdirSync(folder, { recursive: true });
after(() => rmSync(folder, { recursive: true, force: true }));

const code = blocks.filter(({ language, mark }) => /^[jt]s$/.test(language) && mark === undefined);
const needsBrowser = ({ code }) => /\b(sessionStorage|location|document)\b/.test(code);

const start = promisify(execFile);

/** The block as a module that Node takes; in a fragment the local sandbox stands for Oakford's, and a customer consents at once. */
function moduleOf(block, number) {
  const path = join(folder, `block-${number}.mjs`);
  const fragment = block.code
    .replaceAll("environment: 'sandbox'", 'environment: localSandbox')
    .replaceAll("'http://sandbox:8787/aisp/v1'", 'localSandbox.baseUrl')
    .replace(/(beginAuthorization\([\s\S]*completeAuthorization\()callbackUrl/, '$1await customer(url)');
  const { outputText } = ts.transpileModule(isProgram(block) ? block.code : fragment, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(path, outputText);
  return path;
}

const app = {
  client_id: 'app',
  client_secret: 'secret-of-the-app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'client_secret_basic',
};
const sandbox = await sandboxForFile({ clients: [app] });
const { client, session, callbackUrl, pending } = await connect(sandbox);
const certificates = makeCertificates();
const storage = memoryStore();
const fapi = sandbox.clients.fapi.privateJwk;

/** What prelude.d.ts declares, for real. */
Object.assign(globalThis, {
  localSandbox: { baseUrl: sandbox.baseUrl },
  customer: (url) => approve(url, { user: 'anna' }),
  clientId: app.client_id,
  clientSecret: app.client_secret,
  redirectUri: app.redirect_uris[0],
  accountId: 'acc_anna_savings',
  lastCheckpoint: undefined,
  client,
  session,
  callbackUrl,
  pending,
  tokenStore: memoryStore(),
  kid: fapi.kid,
  privateKey: fapi,
  keyPair: await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
  ca: certificates.ca,
  ...certificates.client,
  connection: undefined,
  myStore: () => storage,
  askTheCustomerToConnectAgain: () => {},
  tryLater: () => {},
});

for (const [number, block] of code.entries()) {
  if (isProgram(block)) {
    test(`${block.place} runs from beginning to end`, async () => {
      // A test that the documentation shows is no part of this one.
      const { NODE_TEST_CONTEXT, ...env } = process.env;
      // Node 20 calls its mocked timers experimental.
      const given = ['--disable-warning=ExperimentalWarning', moduleOf(block, number)];
      const run = start(process.execPath, given, { timeout: 60_000, env });
      assert.equal((await run).stderr, '');
    });
  } else if (!needsBrowser(block)) {
    test(`${block.place} runs with a customer's session`, async (context) => {
      context.mock.method(console, 'log', () => {});
      await import(pathToFileURL(moduleOf(block, number)).href);
    });
  }
}

for (const { place, code, path } of blocks.filter(({ mark }) => mark === 'file')) {
  test(`${place} stands in ${path}`, () => {
    assert.ok(readFileSync(join(root, path), 'utf8').includes(code), 'the example has other code');
  });
}

for (const { place, code } of blocks.filter(({ language }) => language === 'json')) {
  test(`${place} is JSON, and a scenario is one that the sandbox takes`, async () => {
    const value = JSON.parse(code);
    if (!String(value.$schema).includes('scenarios')) return;
    const started = await startSandbox({ scenario: value });
    await started.close();
  });
}

const manifest = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
const { scripts } = manifest('.');
const manifests = ['.', 'sandbox', 'pkg', 'examples/express', 'examples/hono', 'examples/next'].map(manifest);
const known = new Set(
  manifests.flatMap(({ name, dependencies, devDependencies }) => [
    name,
    ...Object.keys({ ...dependencies, ...devDependencies }),
  ]),
);
for (const { place, code } of blocks.filter(({ language }) => language === 'sh')) {
  test(`${place}: its commands exist and do what they say`, async () => {
    const lines = code.replaceAll('\\\n', ' ').trim().split('\n');
    for (const line of lines) await command(line.replace(/\s+#.*$/, ''));
  });
}

/** Runs a command line, or where it would change the machine or not end, checks that it could be run. */
async function command(line) {
  const words = line.split(/\s+/);
  switch (words.slice(0, 2).join(' ')) {
    case 'npm test':
      break;
    case 'npm run':
      assert.ok(words[2] in scripts, line);
      break;
    case 'cargo test': {
      const [module] = words[2].split('::');
      const file = readdirSync(join(root, 'src'), { recursive: true }).find((path) =>
        path.endsWith(`${module}.rs`),
      );
      assert.ok(file && readFileSync(join(root, 'src', file), 'utf8').includes('#[test]'), line);
      break;
    }
    case 'node --test': {
      const file = readFileSync(join(root, words.at(-1)), 'utf8');
      const [, pattern = ''] = /--test-name-pattern="([^"]+)"/.exec(line) ?? [];
      assert.ok(file.includes(pattern), line);
      break;
    }
    case 'npm install':
      for (const name of words.slice(2).filter((word) => !word.startsWith('-'))) {
        assert.ok(
          known.has(name.replace(/(.)@.*$/, '$1')),
          `${name} is a package that an example or test uses`,
        );
      }
      break;
    case 'pip install': {
      const [, name] = /^name = "(.+)"$/m.exec(readFileSync(join(root, 'python', 'pyproject.toml'), 'utf8'));
      assert.equal(words[2], name);
      break;
    }
    case 'npx @oakford/aisp':
    case 'npx @oakford/aisp-sandbox': {
      const program = words[1] === '@oakford/aisp' ? 'pkg/cli/aisp.js' : 'sandbox/bin/aisp-sandbox.js';
      const { stdout } = await start(process.execPath, [join(root, program), '--help']);
      for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(stdout.includes(option), option);
      break;
    }
    case 'curl -X':
      await start('bash', ['-c', `${line.replace('http://127.0.0.1:8787', sandbox.origin)} --silent --fail`]);
      break;
    default:
      assert.ok(
        words[0] === 'node' && blocks.some(({ path }) => path === words[1]),
        `How is '${line}' checked?`,
      );
  }
}
