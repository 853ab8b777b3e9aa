// The command: starts, says how to reach it, ends cleanly.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sandboxFor } from './plain-client.js';

const COMMAND = fileURLToPath(new URL('../../sandbox/bin/aisp-sandbox.js', import.meta.url));

for (const signal of ['SIGINT', 'SIGTERM']) {
  it(`prints addresses, clients and customers, and ends cleanly on ${signal}`, async () => {
    const child = spawn(process.execPath, [COMMAND, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let banner = '';
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    for await (const chunk of child.stdout) {
      banner += chunk;
      if (banner.includes('Ctrl+C')) break;
    }
    const origin = banner.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
    for (const said of [
      'oakford-demo-web',
      'sandbox-server-secret',
      'sandbox-anna',
      'overdrawn',
      `${origin}/aisp/v1`,
      `${origin}/_sandbox`,
    ]) {
      assert.ok(banner.includes(said), said);
    }
    assert.equal((await fetch(`${origin}/.well-known/openid-configuration`)).status, 200);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.equal(complaints, '');
  });
}

it('scenario file: reloaded and reported when it changes; an invalid file changes nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mine.json');
  const write = (scenario) => writeFileSync(file, JSON.stringify(scenario));
  write({ description: 'Only James', customers: ['james'] });
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--scenario', file]);
  t.after(() => child.kill());
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const saying = async (words) => {
    while (!said.includes(words)) await once(child.stdout, 'data');
  };
  await saying('Ctrl+C');
  assert.match(said, /mine\.json: Only James/);
  const origin = said.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
  const users = async () => {
    const info = await (await fetch(`${origin}/_sandbox/info`)).json();
    return info.users.map(({ username }) => username);
  };
  assert.deepEqual(await users(), ['james']);
  write({ customers: ['anna', 'noor'] });
  await saying('has changed and is loaded');
  assert.deepEqual(await users(), ['anna', 'noor']);
  write({ customers: ['nobody'] });
  await saying('customers[0] must be one of');
  assert.deepEqual(await users(), ['anna', 'noor']);
  child.kill();
  assert.equal((await once(child, 'exit'))[0], 0);
});

it('explains a port that is taken in one line', async (t) => {
  const { port } = await sandboxFor(t);
  const child = spawn(process.execPath, [COMMAND, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [complaint] = await once(child.stderr.setEncoding('utf8'), 'data');
  const [code] = await once(child, 'exit');
  assert.equal(code, 1);
  assert.match(complaint, /^aisp-sandbox: this port is taken.*\n$/);
});

it('explains wrong arguments in one line', () => {
  for (const args of [
    ['--scenario', 'nope'],
    ['--scenario', '/nowhere/at-all.json'],
    ['--port', 'x'],
    ['--prot', '1'],
    ['--now', 'soon'],
    ['--refresh-tokens', 'never'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^aisp-sandbox: .+\n$/, args.join(' '));
  }
});
