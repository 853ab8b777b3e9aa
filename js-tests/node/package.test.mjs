/** What is packed: complete, small, and without anything that runs at import. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const pkg = join(root, 'pkg');
const folder = mkdtempSync(join(tmpdir(), 'oakford-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });

test('the packed package installs into an empty folder and runs there, imported and required', () => {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], pkg));
  const names = files.map(({ path }) => path);
  for (const name of ['LICENSE', 'README.md', 'sdk.wasm', 'index.d.ts', 'index.d.cts'])
    assert.ok(names.includes(name), name);
  writeFileSync(join(folder, 'package.json'), '{"name":"app","private":true,"version":"1.0.0"}');
  run('npm', ['install', '--no-audit', '--no-fund', '--offline', join(folder, filename)]);
  const script = `createClient({ environment: 'sandbox', clientId: 'a', redirectUri: 'https://a.example/cb' })
    .then((client) => console.log(client.constructor.name))`;
  writeFileSync(join(folder, 'a.mjs'), `import { createClient } from '@oakford/aisp';\n${script}`);
  writeFileSync(join(folder, 'a.cjs'), `const { createClient } = require('@oakford/aisp');\n${script}`);
  for (const file of ['a.mjs', 'a.cjs']) assert.equal(run(process.execPath, [file]).trim(), 'Client');
  const { version } = JSON.parse(readFileSync(join(pkg, 'package.json'), 'utf8'));
  assert.equal(run('npx', ['--offline', '@oakford/aisp', '--version']).trim(), version);
});

test('every file that package.json names is there', () => {
  const { bin, exports, imports } = JSON.parse(readFileSync(join(pkg, 'package.json'), 'utf8'));
  const paths = [];
  const collect = (value) =>
    typeof value === 'string' ? paths.push(value) : Object.values(value).forEach(collect);
  collect([bin, exports, imports]);
  for (const path of paths) assert.ok(existsSync(join(pkg, path)), path);
});

test('command: no entry of the package loads its file', () => {
  const files = readdirSync(pkg, { recursive: true }).filter((name) => /\.c?js$/.test(name));
  const loading = files.filter((name) => /["'][./]*cli\//.test(readFileSync(join(pkg, name), 'utf8')));
  assert.ok(files.includes(join('cli', 'aisp.js')));
  assert.deepEqual(loading, []);
});

test('no built file names the machine that built it', () => {
  const wasm = readFileSync(join(pkg, 'sdk.wasm')).toString('latin1');
  for (const place of [root, process.env.HOME, '/home/', '/root/']) assert.ok(!wasm.includes(place), place);
});

test('the types of every entry compile under every module resolution, with and without DOM, without skipLibCheck', () => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { createClient, type Transaction, type TokenStore, AispError } from '@oakford/aisp';
import { fileStore, mtlsFetch } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { checkTokenStore } from '@oakford/aisp/testing';
export const others = [fileStore, mtlsFetch, redisStore, checkTokenStore];
export async function use(store: TokenStore): Promise<Transaction[]> {
  const client = await createClient({ environment: 'sandbox', clientId: 'a', redirectUri: 'b:c', tokenStore: store });
  const session = await client.session();
  if (session === null) return [];
  const { items, nextCursor } = await session.accounts();
  const cursor: string | undefined = nextCursor;
  for await (const row of session.transactions(items[0]?.accountId ?? '', { status: 'booked' })) {
    const amount: string = row.transactionAmount.amount;
    // An open enum: known words complete, others are allowed.
    if (row.status === 'booked' || row.status === 'tomorrow') return [row];
    void [amount, cursor];
  }
  try {
    return await session.transactions('a').all({ limit: 5 });
  } catch (error) {
    if (error instanceof AispError && error.retryable) return [];
    throw error;
  }
}
// @ts-expect-error: an option that does not exist
createClient({ environment: 'sandbox', clientID: 'a', redirectUri: 'b:c' });
// @ts-expect-error: a status that can't be asked for
export const wrong: import('@oakford/aisp').TransactionsQuery = { status: 'done' };
`,
  );
  copyFileSync(join(folder, 'use.ts'), join(folder, 'use.cts'));
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ]) {
    for (const lib of ['es2022', 'es2022,dom']) {
      const flags = [
        '--strict',
        '--noEmit',
        '--target',
        'es2022',
        '--lib',
        lib,
        '--exactOptionalPropertyTypes',
      ];
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      try {
        run(process.execPath, [
          tsc,
          ...flags,
          '--module',
          module,
          '--moduleResolution',
          resolution,
          'use.ts',
          'use.cts',
        ]);
      } catch (error) {
        assert.fail(`${resolution} ${lib}:\n${error.stdout}`);
      }
    }
  }
});
