/** The arguments of the command `aisp`: one screen of help, and mistakes in one sentence. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/machine.mjs';
import { aisp, runAt } from './command.mjs';

test('help: fits on a screen of 24 lines and 80 columns, and names each command', async () => {
  const { code, stdout, stderr } = await aisp(['--help']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  for (const name of ['login', 'accounts', 'balances', 'transactions', 'sync', 'logout'])
    assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'));
});

const web = ['--base-url', 'http://127.0.0.1:9/aisp/v1', '--client-id', 'a'];

for (const [args, message] of [
  [[], /expected a command \(login, accounts, .*\), got nothing/],
  [['account', ...web], /expected a command \(.*\), got 'account'/],
  [['accounts'], /the server is missing: --local/],
  [['accounts', '--environment', 'live'], /--environment must be sandbox or production, got 'live'/],
  [['accounts', '--environment', 'sandbox'], /--client-id is missing/],
  [['accounts', '--local', ...web], /--local and --base-url exclude each other/],
  [['accounts', '--as', 'anna', ...web], /--as and --port belong to --local/],
  [['accounts', 'acc_1', ...web], /accounts: 'acc_1' is one argument too many/],
  [['transactions', 'acc_1', 'acc_2', ...web], /transactions: 'acc_2' is one argument too many/],
  [
    ['transactions', '--from', '1.10.2026', ...web],
    /--from must be a date such as 2026-10-01, got '1.10.2026'/,
  ],
  [['sync', '--from', '2026-10-01', ...web], /--from and --to belong to transactions, not to sync/],
  [['accounts', '--csv', '--json', ...web], /--csv and --json exclude each other/],
  [['accounts', '--cert', 'a.crt', ...web], /--cert and --key need each other/],
  [['accounts', '--local', '--port', '0'], /--port must be an integer from 1 to 65535, got '0'/],
  [['accounts', '--client-secret-file', '/nonexistent', ...web], /--client-secret-file: .* \(ENOENT\)/],
  [['accounts', '--verbose', ...web], /Unknown option '--verbose'/],
  [['accounts', '--base-url', 'http://bank.example', '--client-id', 'a'], /environment\.baseUrl/],
]) {
  test(`arguments: exit code 2 and one sentence for: aisp ${args.join(' ')}`, async () => {
    const store = join(temporaryFolder(), 'store');
    const { code, stdout, stderr } = await aisp([...args, '--store', store]);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr.split('\n')[0], message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test('--local: says what to install when the sandbox is not there', async () => {
  const folder = temporaryFolder();
  const pkg = join(folder, 'node_modules', '@oakford', 'aisp');
  cpSync(join(import.meta.dirname, '..', '..', 'pkg'), pkg, { recursive: true });
  const { code, stderr } = await runAt(
    join(pkg, 'cli', 'aisp.js'),
    ['accounts', '--local', '--port', '2'],
    folder,
  );
  assert.equal(code, 2);
  assert.match(
    stderr,
    /needs the package @oakford\/aisp-sandbox.*npm install --save-dev @oakford\/aisp @oakford\/aisp-sandbox/,
  );
});
