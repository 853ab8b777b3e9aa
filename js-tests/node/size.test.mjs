/** What an application ships of the package: guarded, so that growth is a decision. `npm run size` prints it beside rivals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from '../../benches/size/loaded.mjs';

const KB = 1000;

test('a page that connects accounts and reads them loads at most 114.0 KB of brotli, with everything used 140.0 KB', async () => {
  const { first } = await loaded("export { createClient } from '@oakford/aisp';");
  const { all } = await loaded("export * from '@oakford/aisp';");
  assert.ok(first <= 114.0 * KB, `${first} bytes are loaded at first`);
  assert.ok(all <= 140.0 * KB, `${all} bytes with everything used`);
});

test('what is not imported is not shipped: Money, pickBalance and pendingStore come without the wasm, and an empty import is nothing', async () => {
  const small = await loaded("export { Money, pickBalance } from '@oakford/aisp';");
  assert.ok(small.first <= 5.5 * KB, `${small.first} bytes`);
  const pending = await loaded("export { pendingStore } from '@oakford/aisp';");
  assert.ok(pending.first <= 5 * KB, `${pending.first} bytes of pendingStore`);
  const nothing = await loaded("import '@oakford/aisp';");
  assert.ok(nothing.first < 20, `${nothing.first} bytes`);
});

test('code for signatures, key pairs and tabs is loaded when it is used', async () => {
  const { first, all } = await loaded("export { createClient } from '@oakford/aisp';");
  assert.ok(all - first >= 2 * KB, `${all - first} bytes load later`);
});
