/** What a page loads for a default login and a first page of transactions: guarded, so that growth is a decision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedByLogin } from '../../benches/size/login.mjs';

test('size: a default login and a first page of transactions load at most 120.2 KB of brotli', async () => {
  const { bytes, files } = await loadedByLogin();
  assert.ok(bytes <= 120_200, `${bytes} bytes: ${files.join(', ')}`);
});
