// Loads the decoder alone, as benches/decode/build.mjs built it.

/** @param folder the URL of the built files; @param bytes the wasm */
export async function load(folder, bytes) {
  const { build } = await import(new URL('generated/messages.js', folder).href);
  const glue = await import(new URL('oakford_aisp.js', folder).href);
  globalThis.oakfordBench = { build };
  glue.initSync({ module: new WebAssembly.Module(bytes) });
  return { decode: glue.decode, scan: glue.scan, Listing: glue.Listing };
}
