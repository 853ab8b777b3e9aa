// Everywhere else the wasm is part of the code, so that no bundler, server or path can lose it. scripts/inline.mjs wrote it as text.
const FIRST = __FIRST__;
const ORDER = [__ORDER__];
const PARTS = {
  fapi: () => import('./fapi.js'),
  openid: () => import('./openid.js'),
  sync: () => import('./sync.js'),
};

export default async (part) => {
  const { length, text } = part ? (await PARTS[part]()).default : FIRST;
  const bytes = new Uint8Array(length);
  let page = 0;
  for (let at = 0, read = 0; read < text.length; read++) {
    const code = text.charCodeAt(read);
    const index = code - 35 - (code > 39) - (code > 92);
    if (index < 88) {
      bytes[at++] = ORDER[page + index];
      page = 0;
    } else page = (index - 87) * 88;
  }
  return WebAssembly.compile(bytes);
};
