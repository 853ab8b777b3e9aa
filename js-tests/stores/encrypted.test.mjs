/** Encryption at rest: nothing readable is kept, and nothing that was changed or moved is read. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encryptedStore, memoryStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { temporaryFolder } from '../node/machine.mjs';
import { connect, sandboxForFile } from '../node/support.mjs';
import { aesKey } from './support.mjs';

const sandbox = await sandboxForFile();

test('a session lives in encrypted files, of which none shows a token or a scope', async () => {
  const directory = temporaryFolder();
  const tokenStore = encryptedStore(fileStore({ directory }), await aesKey());
  const { client } = await connect(sandbox, { tokenStore });
  const session = await client.session();
  assert.ok((await session.accounts()).items.length > 0);
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

test('a value that was changed, moved to another key or written with another key is refused', async () => {
  const inner = memoryStore();
  const store = encryptedStore(inner, await aesKey());
  await store.compareAndSwap('session:a', null, 'value');
  const { value, version } = await inner.get('session:a');
  await inner.compareAndSwap('session:b', null, value);
  await assert.rejects(store.get('session:b'), /can not be decrypted/);
  await assert.rejects(encryptedStore(inner, await aesKey()).get('session:a'), /can not be decrypted/);
  await inner.compareAndSwap('session:a', version, `${value.slice(0, -4)}AAA=`);
  await assert.rejects(store.get('session:a'), /can not be decrypted/);
});
