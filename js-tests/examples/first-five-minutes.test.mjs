// The first five minutes of a new user: an empty folder, the two packed packages, the README's program, transactions on screen.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { blocks, isProgram, root } from '../docs/blocks.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import '../support/sandbox.mjs';
import { pack } from '../runtimes/packed.mjs';

const start = promisify(execFile);
const ROW = /^(pending|\d{4}-\d\d-\d\d) -?\d+\.\d\d GBP \S.*$/;

describe('the first five minutes', () => {
  const shop = temporaryFolder();
  const folder = join(shop, 'app');
  // npm's settings of this repository, and the test runner's, are not a new user's.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_(registry|cache))|NODE_)/i.test(name)),
  );
  const run = (command, args) => start(command, args, { cwd: folder, env });
  const program = (document) =>
    blocks.find((block) => block.document === document && block.language === 'js' && isProgram(block)).code;
  let said;

  before(async () => {
    mkdirSync(folder);
    said = await run('npm', ['install', '--prefer-offline', pack(shop), pack(shop, 'sandbox')]);
  });

  it('the packages install in an empty folder without a warning', () => {
    assert.doesNotMatch(said.stdout + said.stderr, /warn|deprecated|ERR/i);
    assert.deepEqual(readdirSync(folder).sort(), ['node_modules', 'package-lock.json', 'package.json']);
  });

  it('README: its program shows the transactions of each account', async () => {
    writeFileSync(join(folder, 'first.mjs'), program('README.md'));
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, day, shown] = /^On (\S+) it prints:\n\n```\n(.+?)…\n```$/ms.exec(readme);
    const { stdout, stderr } = await start(process.execPath, ['first.mjs'], {
      cwd: folder,
      env: { ...env, AISP_SANDBOX_NOW: `${day}T12:00:00Z` },
    });
    assert.equal(stderr, '');
    assert.equal(stdout.slice(0, shown.length), shown);
    const accounts = new Map();
    for (const line of stdout.trimEnd().split('\n')) {
      const [, account] = /^([^:]+?) (?:pending|\d{4}-\d\d-\d\d) -?\d+\.\d\d \S.*$/.exec(line);
      accounts.set(account, (accounts.get(account) ?? 0) + 1);
    }
    assert.deepEqual(Object.fromEntries(accounts), {
      'Classic Account': 5,
      'Travel Credit Card': 5,
      'Mortgage, 4 Quayside Row': 5,
    });
  });

  const PACKAGE = 'pkg-template/README.md';
  it('the package’s README: its program shows accounts and their transactions', async () => {
    writeFileSync(join(folder, 'first.mjs'), program(PACKAGE));
    const { stdout, stderr } = await run(process.execPath, ['first.mjs']);
    assert.equal(stderr, '');
    const lines = stdout.trimEnd().split('\n');
    const accounts = lines.filter((line) => !ROW.test(line));
    assert.deepEqual(accounts, ['Classic Account', 'Travel Credit Card', 'Mortgage, 4 Quayside Row']);
    assert.equal(lines.length, accounts.length * 6);
  });

  it('the package’s README: its program runs as .js too, where the folder holds modules', async () => {
    const { name, ...own } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, ...own, type: 'module' }));
    writeFileSync(join(folder, 'first.js'), program(PACKAGE));
    const { stdout } = await run(process.execPath, ['first.js']);
    assert.match(stdout, /^Classic Account/);
  });
});
