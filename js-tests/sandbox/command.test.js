// The command: starts, says how to reach it, ends cleanly.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
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
    for (const said of ['oakford-demo-web', 'sandbox-server-secret', 'sandbox-anna', `${origin}/aisp/v1`]) {
      assert.ok(banner.includes(said), said);
    }
    assert.equal((await fetch(`${origin}/.well-known/openid-configuration`)).status, 200);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.equal(complaints, '');
  });
}

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
    ['--port', 'x'],
    ['--prot', '1'],
    ['--now', 'soon'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^aisp-sandbox: .+\n$/, args.join(' '));
  }
});
