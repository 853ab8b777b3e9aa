// Turns wasm-bindgen's glue, which holds one instance for ever, into a function that makes instances: after a panic the SDK
// starts a fresh one, and what still refers to the old one stays with it. Every call from the wasm goes through a guard, because an
// exception that unwinds wasm frames leaves locks and counters of the core as they are, for all who share the instance.

const FINALIZER = /(?<=new FinalizationRegistry\(ptr => )wasm\.__wbg_core_free\(ptr, 1\)(?=\))/;

const COMPILES =
  /^ *if \(!\(module instanceof WebAssembly\.Module\)\) \{\s*module = new WebAssembly\.Module\(module\);\s*\}$/m;

/** One function that the wasm imports: its name, parameters and body. */
const IMPORT = /^ {8}(_\w+): function\(([^)]*)\) \{\n([\s\S]*?)^ {8}\},$/gm;

/** Guards one import: an exception becomes nothing, also where the import writes its result to memory. */
function guardImport(whole, name, parameters, body) {
  // The core gives up: that exception has to end the instance.
  if (/^ *throw new Error\(/.test(body)) return whole;
  const writes = /setInt32\(\(arg0 >>> 0\) \+ 4 \* 0,/.test(body);
  const nothing = writes ? 'getDataViewMemory0().setInt32(arg0 >>> 0, 0, true); ' : '';
  return `        ${name}: function(${parameters}) { try {\n${body}        } catch (e) { ${nothing}guard(e); } },`;
}

/**
 * Returns the wrapped glue and its types; `imports`: the names that it has for what the wasm imports.
 * Those are short unless the wasm keeps wasm-bindgen's (`keepNames`).
 */
export function wrapGlue(source, { keepNames = false } = {}) {
  const imported = Array.from(source.matchAll(/^ {8}(__wb\w+): function\b/gm), (match) => match[1]);
  const imports = new Map(imported.map((name, index) => [name, keepNames ? name : `_${index.toString(36)}`]));
  const names = [...source.matchAll(/^export (?:class|function) (\w+)/gm)].map((match) => match[1]);
  const body = source
    // The asynchronous loader isn't used, and touching `Response` would cost a fresh Node 30 ms.
    .replace(/^let __wbg_init_promise;[\s\S]*$/m, '')
    .replace(/^async function __wbg_load[\s\S]*?^}$/m, '')
    // The loader gives a module always; one of another realm (Next.js's edge runtime) is no instance of this realm's class.
    .replace(COMPILES, '')
    .replace(/^ {8}(__wb\w+)(?=: function\b)/gm, (_, name) => `        ${imports.get(name)}`)
    .replace(IMPORT, guardImport)
    .replace('performance.now()', 'clock()')
    // A finalizer runs by itself, so nobody else would catch what it throws.
    .replace(FINALIZER, (call) => `{ try { ${call}; } catch (e) { guard(e); } }`)
    .replace(/^export /gm, '');
  // wasm-bindgen guards some itself, for which the core has a `Result`; one is how the wasm gives up.
  const guarded = body.match(/guard\(e\); \} \},$|return handleError\(/gm) ?? [];
  if (
    !COMPILES.test(source) ||
    !names.includes('Core') ||
    guarded.length !== imported.length - 1 ||
    !FINALIZER.test(source) ||
    /\b__wbg_init\b|\bimport\.meta\b|^export /m.test(body)
  ) {
    throw new Error('The glue of this wasm-bindgen version has another shape than scripts/glue.mjs expects.');
  }
  const code = `/** wasm-bindgen's glue, made by scripts/glue.mjs. */
export function instantiate(module, clock, guard) {
${body}
initSync({ module });
return { ${names.join(', ')}, wasm };
}
`;
  const types = `import type * as bindings from './bindings.js';
/** Makes an instance. \`guard\`: gets what the platform throws while the wasm calls it; \`wasm\`: what the module itself exports. */
export function instantiate(
  module: WebAssembly.Module,
  clock: () => number,
  guard: (error: unknown) => void,
): Pick<typeof bindings, ${names.map((name) => `'${name}'`).join(' | ')}> & { readonly wasm: WebAssembly.Exports };
`;
  return { code, types, imports };
}

/** The text of a wasm module with the glue's names for its imports: those of wasm-bindgen are long, and end in hashes that don't compress. */
export function renameImports(text, imports) {
  return text.replace(/^ \(import "\.\/core_bg\.js" "(\w+)"/gm, (_, name) => {
    if (!imports.has(name)) throw new Error(`The glue has no ${name}, which the wasm imports.`);
    return ` (import "./core_bg.js" "${imports.get(name)}"`;
  });
}
