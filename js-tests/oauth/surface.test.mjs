/** What the package does not offer and does not do: lines that hold because the code for the contrary is not there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '@oakford/aisp';
import { sandboxForFile } from '../support/sandbox.mjs';

const folder = join(import.meta.dirname, '..', '..', 'pkg');
const code = readdirSync(folder)
  .filter((name) => /\.c?js$/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');
const wasm = readFileSync(join(folder, 'sdk.wasm'), 'latin1');

test('no-redirector, no-messages: nothing navigates, opens windows or posts messages, so there is no redirector to abuse', () => {
  for (const call of ['postMessage', 'location.assign', 'location.href', 'window.open', 'document.']) {
    assert.ok(!code.includes(call), call);
  }
});

test('code-flow-only, no-weak-grants: there is the code flow, and neither an implicit nor a password grant', () => {
  assert.ok(wasm.includes('authorization_code'));
  for (const other of [
    'grant_type=password',
    'username',
    'response_type=token',
    'id_token token',
    'implicit',
  ]) {
    assert.ok(!wasm.includes(other) && !code.includes(other), other);
  }
});

test('pkce-s256: the word for plain PKCE is nowhere', () => {
  assert.ok(!/code_challenge_method=plain/.test(wasm + code));
});

test('random-bits, fresh-verifier: state, nonce and verifier have 256 bits, and are new each time', async () => {
  const sandbox = await sandboxForFile();
  const { clientId } = sandbox.clients.web;
  const redirectUri = 'http://127.0.0.1:9/callback';
  const client = await createClient({ environment: { baseUrl: sandbox.baseUrl }, clientId, redirectUri });
  const made = new Set();
  for (let i = 0; i < 50; i++) {
    const { pending } = await client.beginAuthorization();
    for (const text of [pending.state, pending.nonce, pending.codeVerifier]) {
      assert.equal(Buffer.from(text, 'base64url').length, 32);
      made.add(text);
    }
  }
  assert.equal(made.size, 150);
});

test('what a plain client never uses is in files that it does not load', () => {
  const entry = readFileSync(join(folder, 'index.js'), 'utf8');
  for (const name of ['generateKey', 'importKey', 'oakford-aisp-dpop', 'undici']) {
    assert.ok(!entry.includes(name), name);
  }
});
