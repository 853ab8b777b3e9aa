/** The guide for Cloudflare Workers, in workerd with D1: its files as they stand, walked through, and its store checked. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { approve } from '@oakford/aisp-sandbox/testing';
import { installStarters } from '../runtimes/packed.mjs';
import { program, recentNode } from '../runtimes/programs.mjs';
import { bundleWorker } from '../runtimes/worker.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { Visitor } from '../support/visitor.mjs';
import { saved } from './blocks.mjs';

const node = recentNode();
const skip = node.absent ?? program('workerd').absent;
const sandbox = await sandboxForFile();

/** The guide's worker, and beside it an address that checks its store. */
const CHECKED = `import { checkTokenStore } from '@oakford/aisp/testing';
import worker, { d1Store } from './worker.js';
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/check-store') return worker.fetch(request, env);
    await checkTokenStore(() => d1Store(env.DB));
    return new Response('kept');
  },
};
`;

/** Starts the worker; gives its origin. */
async function start() {
  const folder = installStarters();
  const files = saved('docs/quickstart-workers.md', sandbox);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'checked.mjs'), CHECKED);
  const worker = await bundleWorker(folder, 'checked.mjs');
  const settings = {
    schema: files.get('schema.sql'),
    bindings: {
      OAKFORD_BASE_URL: sandbox.baseUrl,
      OAKFORD_CLIENT_ID: sandbox.clients.server.clientId,
      OAKFORD_CLIENT_SECRET: sandbox.clients.server.clientSecret,
    },
  };
  const program = join(import.meta.dirname, '..', 'runtimes', 'worker-server.mjs');
  const child = spawn(node.path, [program, worker, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  after(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return new URL(line).origin;
}

test('the worker of the guide', { skip }, async (t) => {
  const origin = await start();

  await t.test('connects a visitor and lists the accounts', async () => {
    const visitor = new Visitor(origin);
    assert.match(await (await visitor.get('/')).text(), /Connect your bank/);
    const begun = await visitor.post('/connect');
    const back = await visitor.get(await approve(begun.headers.get('location'), { user: 'james' }));
    assert.equal(back.headers.get('location'), `${origin}/accounts`);
    assert.equal((await (await visitor.get('/accounts')).json()).length, 3);
  });

  await t.test('refuses a form of another site, and a callback that nobody began', async () => {
    const visitor = new Visitor(origin);
    assert.equal((await visitor.post('/connect', {}, 'https://evil.example')).status, 403);
    const unknown = await visitor.get('/callback?code=a&state=b');
    assert.equal(unknown.status, 400);
    assert.match(await unknown.text(), /<button>/, 'the customer can begin again');
  });

  await t.test('keeps its sessions in a store that passes checkTokenStore', async () => {
    const answer = await fetch(`${origin}/check-store`);
    assert.equal(await answer.text(), 'kept');
  });
});
