/** The split of the wasm knows every lazy module of the engine, or fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { LAZY, split } from '../../scripts/split.mjs';

const LISTED = Object.values(LAZY).flat();

/** A wasm module as the build makes it, with one method for the type `LazyModule` of each of these modules. */
function wasmWith(lazyModules) {
  const name = (path) => `$"<oakford_aisp[a1]::${path}::LazyModule>::answer"`;
  const methods = lazyModules.map(
    (path, index) => `(func ${name(path)} (result i32) (i32.const ${1000 + index}))`,
  );
  const sum = lazyModules.reduce((code, path) => `(i32.add ${code} (call ${name(path)}))`, '(i32.const 0)');
  const text = `(module
    (memory $0 1)
    (table $0 2 funcref)
    (table $__wbindgen_externrefs 1 externref)
    (elem (table $0) (i32.const 1) func $in_table)
    (export "memory" (memory $0))
    (export "__wbindgen_externrefs" (table $__wbindgen_externrefs))
    (export "run" (func $run))
    (func $in_table)
    ${methods.join('\n')}
    (func $run (result i32) ${sum}))`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.ReferenceTypes);
  assert.ok(module.validate());
  // As rustc does; the split reads them.
  module.runPasses(['emit-target-features']);
  binaryen.setDebugInfo(true);
  return module.emitBinary();
}

test('split: makes a module of each part when the lazy modules are those of its list', async () => {
  const modules = split(wasmWith(LISTED), new Map());
  assert.deepEqual(Object.keys(modules).sort(), ['first', ...Object.keys(LAZY)].sort());
  const { instance } = await WebAssembly.instantiate(modules.first.bytes);
  const first = instance.exports;
  assert.throws(() => first.run(), WebAssembly.RuntimeError, 'its parts are not loaded');
  for (const name of Object.keys(LAZY)) await WebAssembly.instantiate(modules[name].bytes, { first });
  assert.equal(
    first.run(),
    LISTED.reduce((sum, _, index) => sum + 1000 + index, 0),
  );
});

test('split: fails and names the module when a lazy module is not listed', () => {
  assert.throws(
    () => split(wasmWith([...LISTED, 'engine::api::export']), new Map()),
    /not those of LAZY in scripts\/split\.mjs: not listed engine::api::export, not found \./,
  );
});

test('split: fails and names the module when a listed lazy module is gone', () => {
  assert.throws(
    () => split(wasmWith(LISTED.filter((path) => path !== 'engine::api::psu')), new Map()),
    /not listed , not found engine::api::psu\./,
  );
});
