// `npm run demo` as a command: it prints its address, serves, and ends on a signal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import '../support/sandbox.mjs';

const COMMAND = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));

function start(test, args = []) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: '' },
  });
  test.after(() => child.kill('SIGKILL'));
  child.said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      child.said += chunk;
    });
  }
  return child;
}

async function address(child) {
  while (!child.said.includes('Ctrl-C')) {
    assert.equal(child.exitCode, null, child.said);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return /http:\/\/127\.0\.0\.1:\d+\//.exec(child.said.trimEnd().split('\n').at(-1))[0];
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  it(`serves the page and the sandbox, and ends both on ${signal}`, async (test) => {
    const child = start(test, ['--port', '0']);
    const page = await address(child);
    const response = await fetch(page);
    assert.equal(response.status, 200);
    const html = await response.text();
    const { baseUrl } = JSON.parse(/id="configuration">([\s\S]*?)<\/script>/.exec(html)[1]);
    assert.equal((await fetch(`${baseUrl}/accounts`)).status, 401);
    child.kill(signal);
    const [code, killedBy] = await once(child, 'exit');
    assert.deepEqual([code, killedBy], [0, null], child.said);
    for (const gone of [page, baseUrl]) await assert.rejects(fetch(gone));
  });
}

it('takes a free port where the preferred one is in use', async (test) => {
  const other = createServer().listen(5173, '127.0.0.1');
  // Somebody else may have it already, which serves as well.
  await Promise.race([once(other, 'listening'), once(other, 'error')]);
  test.after(() => other.close());
  const child = start(test);
  assert.ok(!(await address(child)).includes(':5173'));
  child.kill('SIGTERM');
  await once(child, 'exit');
});

it('says in one sentence that a port is in use, or is none', async (test) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  test.after(() => other.close());
  for (const [port, sentence] of [
    [String(other.address().port), /✗ Port \d+ can't be used .+\.$/],
    ['http', /✗ The port must be a number from 0 to 65535\.$/],
  ]) {
    const child = start(test, ['--port', port]);
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(child.said.trim(), sentence);
    assert.doesNotMatch(child.said, /\n {4}at /);
  }
});
