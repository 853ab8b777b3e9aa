/** A crash of the wasm rejects what waits for it, and the client goes on with a fresh instance. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { InternalError, memoryStore, setWasmModule } from '@oakford/aisp';
import binaryen from 'binaryen';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const bytes = readFileSync(createRequire(import.meta.url).resolve('@oakford/aisp/sdk.wasm'));

/** The package's wasm with one exported function changed so that it traps. */
function trapping(name) {
  const module = binaryen.readBinary(bytes);
  const { BulkMemory, MutableGlobals, Multivalue, NontrappingFPToInt, ReferenceTypes, SIMD128, SignExt } =
    binaryen.Features;
  module.setFeatures(
    BulkMemory | MutableGlobals | Multivalue | NontrappingFPToInt | ReferenceTypes | SIMD128 | SignExt,
  );
  const target = binaryen.getExportInfo(module.getExport(name)).value;
  binaryen.Function(module.getFunction(target)).body = module.unreachable();
  return module.emitBinary();
}

/** Begins a call, and aborts it once it is under way: where `cancel` traps, that is a crash. */
async function crash(session) {
  const controller = new AbortController();
  const call = rejection(session.balances('acc_anna_current', { signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  return call;
}

test('a crash in one call is an InternalError, also for the calls beside it, and the next calls work', async () => {
  const sandbox = await sandboxForFile();
  await setWasmModule(trapping('cancel'));
  const { session } = await connect(sandbox);
  assert.equal((await session.accounts()).items.length, 3);
  await setWasmModule(bytes);
  sandbox.faults.add({ match: { path: '/aisp/v1/accounts' }, fault: 'latency', delayMs: 300, times: 1 });
  // The session lives in the trapping instance until that is replaced.
  await setWasmModule(trapping('cancel'));
  const beside = rejection(session.accounts());
  const error = await crash(session);
  assert.ok(error instanceof InternalError, error.stack);
  assert.equal(error.code, 'panic');
  assert.ok((await beside) instanceof InternalError);
  assert.equal((await session.accounts()).items.length, 3);
  assert.equal((await session.account('acc_anna_pln')).currency, 'PLN');
});

test('a crash while a server’s answer or a timer wakes the core is an InternalError, and no uncaught exception', async () => {
  const sandbox = await sandboxForFile();
  await setWasmModule(bytes);
  const { session } = await connect(sandbox);
  const uncaught = [];
  const note = (error) => uncaught.push(error);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  try {
    await setWasmModule(trapping('head'));
    const error = await rejection(session.accounts());
    assert.ok(error instanceof InternalError, error.stack);
    assert.equal(error.code, 'panic');
    await setWasmModule(bytes);
    assert.equal((await session.accounts()).items.length, 3);
    assert.deepEqual(uncaught, []);
  } finally {
    process.off('uncaughtException', note).off('unhandledRejection', note);
  }
});

test('crash: what is under way is aborted, then its locks are released, and timers keep no process alive', async () => {
  const sandbox = await sandboxForFile();
  await setWasmModule(trapping('cancel'));
  const order = [];
  let hang = false;
  let sent;
  const underWay = new Promise((resolve) => {
    sent = resolve;
  });
  const store = memoryStore();
  const tokenStore = {
    ...store,
    withLock: (key, work) => store.withLock(key, () => work().finally(() => order.push('released'))),
  };
  const { session } = await connect(sandbox, {
    tokenStore,
    fetch: (url, init) => {
      if (!hang) return fetch(url, init);
      sent();
      return new Promise((_, reject) => {
        init.signal.addEventListener('abort', () => {
          order.push('aborted');
          reject(init.signal.reason);
        });
      });
    },
  });
  order.length = 0;
  hang = true;
  const beside = rejection(session.refresh());
  await underWay;
  assert.equal((await crash(session)).code, 'panic');
  assert.equal((await beside).code, 'panic');
  assert.deepEqual(order, ['aborted', 'aborted', 'released']);
  assert.ok(!process.getActiveResourcesInfo().includes('Timeout'), process.getActiveResourcesInfo().join());
  hang = false;
  await setWasmModule(bytes);
  await session.refresh();
  assert.equal((await session.accounts()).items.length, 3);
});
