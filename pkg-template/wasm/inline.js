// Everywhere else the wasm is part of the code, so that no bundler, server or path can lose it. scripts/inline.mjs wrote it as text.
const TEXT = '__TEXT__';
const ORDER = [__ORDER__];
const LENGTH = __LENGTH__;

export default async () => {
  const bytes = new Uint8Array(LENGTH);
  let page = 0;
  for (let at = 0, read = 0; read < TEXT.length; read++) {
    const code = TEXT.charCodeAt(read);
    const index = code - 35 - (code > 39) - (code > 92);
    if (index < 88) {
      bytes[at++] = ORDER[page + index];
      page = 0;
    } else page = (index - 87) * 88;
  }
  return WebAssembly.compile(bytes);
};
