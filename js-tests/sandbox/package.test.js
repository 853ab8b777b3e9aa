// The package as a user gets it: packed, installed from the tarball alone, run, compiled against, and the README's test files in it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import ts from 'typescript';
import { blocks } from '../docs/blocks.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import '../support/sandbox.mjs';
import { pack } from '../runtimes/packed.mjs';

const root = join(import.meta.dirname, '..', '..');
const start = promisify(execFile);

const REQUIRED = `const { startSandbox } = require('@oakford/aisp-sandbox/testing');
startSandbox().then(async (sandbox) => {
  const { status } = await fetch(sandbox.baseUrl + '/accounts');
  console.log(sandbox.users[0].username, status, sandbox.requests.length);
});
`;

describe('the packed sandbox', () => {
  const folder = temporaryFolder();
  const installed = join(folder, 'node_modules', '@oakford', 'aisp-sandbox');
  // Or Node would take the tests in it for a part of these.
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const run = (command, args) => start(command, args, { cwd: folder, env });

  before(async () => {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'app', private: true, type: 'module' }),
    );
    const wanted = [pack(folder, 'sandbox'), pack(folder), 'vitest@4', '@types/node@20'];
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...wanted]);
  });

  it('starts by npx, and serves its pages with all that they load', async () => {
    const { stdout } = await run('npx', ['--no', '@oakford/aisp-sandbox', '--version']);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    const child = spawn(join(folder, 'node_modules', '.bin', 'aisp-sandbox'), [
      '--port',
      '0',
      '--scenario',
      'overdrawn',
    ]);
    let banner = '';
    for await (const chunk of child.stdout) {
      banner += chunk;
      if (banner.includes('Ctrl+C')) break;
    }
    const [origin] = banner.match(/http:\/\/127\.0\.0\.1:\d+/);
    const page = await (await fetch(`${origin}/_sandbox`)).text();
    const loaded = new Set(['/connect/assets/connect.css', '/.well-known/openid-configuration']);
    for (const [, path] of page.matchAll(/(?:href|src)="(\/[^"]+)"/g)) loaded.add(path);
    // The set grows while it is read, because each script names the scripts that it imports.
    for (const path of loaded) {
      const response = await fetch(origin + path);
      assert.equal(response.status, 200, path);
      const text = await response.text();
      for (const [, name] of text.matchAll(/from '\.\/([^']+)'/g)) loaded.add(`/_sandbox/assets/${name}`);
    }
    assert.equal(loaded.size, 10, [...loaded].join());
    child.kill();
    assert.equal((await once(child, 'exit'))[0], 0);
  });

  it('exports its testing entry, with types that compile under every module resolution', async () => {
    const uses = ['use.ts', 'use.cts'].map((name) => join(folder, name));
    const code = `import { approve, faultsOn, startSandbox, type Sandbox, type Scenario } from '@oakford/aisp-sandbox/testing';
export async function use(): Promise<string> {
  const scenario: Scenario = { customers: ['noor'], accounts: { acc_noor_jpy: { balance: '5' } }, rateLimit: false };
  const sandbox: Sandbox = await startSandbox({ scenario });
  sandbox.scenarios.load('bank-down');
  faultsOn(sandbox, '/accounts').times(2).tooManyRequests();
  // @ts-expect-error there is no such customer
  sandbox.scenarios.load({ customers: ['bob'] });
  return approve(sandbox.origin, { code: '246810' });
}
`;
    for (const use of uses) writeFileSync(use, code);
    for (const [module, resolution] of [
      [ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
      [ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
      [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
    ]) {
      const program = ts.createProgram(uses, {
        module,
        moduleResolution: resolution,
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2022.d.ts'],
        strict: true,
        noEmit: true,
        types: [],
      });
      const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
      assert.deepEqual(problems, []);
    }
    writeFileSync(join(folder, 'deep.mjs'), `import '@oakford/aisp-sandbox/src/server.js';`);
    await assert.rejects(run(process.execPath, ['deep.mjs']), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
    writeFileSync(join(folder, 'required.cjs'), REQUIRED);
    assert.equal((await run(process.execPath, ['required.cjs'])).stdout, 'anna 401 1\n');
    assert.ok(readFileSync(join(installed, 'README.md'), 'utf8').includes('## Scenarios'));
  });

  const shown = blocks.filter(({ document, mark }) => document === 'sandbox/README.md' && mark === 'file');
  for (const { place, path, code } of shown) {
    it(`passes the tests that ${place} shows, which are those of ${path}`, async () => {
      assert.equal(readFileSync(join(root, path), 'utf8'), code);
      const name = path.split('/').at(-1);
      writeFileSync(join(folder, name), code);
      const vitest = code.includes(`from 'vitest'`);
      const { stdout } = vitest
        ? await run('npx', ['--no', 'vitest', 'run', '--testTimeout=60000', '--hookTimeout=60000', name])
        : await run(process.execPath, ['--test', '--test-reporter=tap', name]);
      assert.match(stdout, vitest ? /Tests .*2 passed/ : /# pass 3\n# fail 0/);
    });
  }

  it('is shown with both test runners', () => {
    assert.equal(shown.length, 2);
  });
});
