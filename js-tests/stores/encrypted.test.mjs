/** Encryption at rest: nothing readable is kept, and nothing that was changed or moved is read. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encryptedStore, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { aesKey } from '../support/aes-key.mjs';
import { connect } from '../support/clients.mjs';
import { temporaryFolder } from '../support/machine.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const sandbox = await sandboxForFile();

test('a session lives in encrypted files, of which none shows a token or a scope', async () => {
  const directory = temporaryFolder();
  const tokenStore = encryptedStore(fileStore({ directory }), await aesKey());
  const { client } = await connect(sandbox, { tokenStore });
  const session = await client.session();
  assert.equal((await session.accounts()).items.length, 3);
  const texts = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(directory, entry.name), 'utf8'));
  assert.ok(texts.length > 0);
  for (const text of texts) assert.doesNotMatch(text, /accessToken|offline_access|Bearer|eyJ/);
});

test('the same value is never written as the same text', async () => {
  const inner = memoryStore();
  const store = encryptedStore(inner, await aesKey());
  await store.compareAndSwap('session:a', null, 'value');
  await store.compareAndSwap('session:b', null, 'value');
  assert.notEqual((await inner.get('session:a')).value, (await inner.get('session:b')).value);
});

test('a value that was changed, moved to another key or written with another key is not read, and keeps its version', async () => {
  const inner = memoryStore();
  const store = encryptedStore(inner, await aesKey());
  await store.compareAndSwap('session:a', null, 'value');
  const { value, version } = await inner.get('session:a');
  await inner.compareAndSwap('session:b', null, value);
  const moved = (await inner.get('session:b')).version;
  assert.deepEqual(await store.get('session:b'), { value: '', version: moved });
  assert.deepEqual(await encryptedStore(inner, await aesKey()).get('session:a'), { value: '', version });
  for (const changed of [`${value.slice(0, -4)}AAA=`, value.slice(0, 8), '', 'no base64: ż']) {
    await inner.compareAndSwap('session:a', (await inner.get('session:a')).version, changed);
    const entry = await store.get('session:a');
    assert.deepEqual(entry, { value: '', version: (await inner.get('session:a')).version });
  }
});

test('what is no key for it is refused in one sentence that says what to bring', async () => {
  const { subtle } = crypto;
  const sign = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const aes = (usages, name = 'AES-GCM') => subtle.generateKey({ name, length: 256 }, false, usages);
  for (const [key, found] of [
    ['a passphrase', 'string'],
    [new Uint8Array(32), 'object'],
    [undefined, 'undefined'],
    [aesKey(), 'object'],
    [sign.privateKey, 'a key for ECDSA'],
    [await aes(['encrypt', 'decrypt'], 'AES-CBC'), 'a key for AES-CBC'],
    [await aes(['encrypt']), 'a key that can not decrypt'],
    [await aes(['decrypt']), 'a key that can not encrypt'],
  ]) {
    assert.throws(
      () => encryptedStore(memoryStore(), key),
      (error) => {
        const { name, code, path, message } = error;
        assert.deepEqual([name, code, path], ['ConfigurationError', 'invalid_option', 'encryptedStore.key']);
        assert.match(message, /must be an AES-GCM CryptoKey for encrypt and decrypt made by crypto.subtle/);
        assert.ok(message.endsWith(`, got ${found}.`), message);
        return !message.includes('passphrase');
      },
    );
  }
});
