/** How large the SDK's wasm memory is. To be watched before the package starts its instance. */
export function watchWasm() {
  let memory;
  const watch = (made) => {
    const { exports } = made.instance ?? made;
    // Node has wasm of its own.
    if (Object.keys(exports).some((name) => name.startsWith('__wbindgen'))) memory = exports.memory;
    return made;
  };
  const { instantiate, Instance } = WebAssembly;
  WebAssembly.instantiate = async (...given) => watch(await instantiate(...given));
  WebAssembly.Instance = new Proxy(Instance, { construct: (type, given) => watch(new type(...given)) });
  return { bytes: () => memory.buffer.byteLength };
}
