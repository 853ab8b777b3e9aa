// Node and its like, where a download costs nothing and a start does: all of the wasm, in the form that is read the quickest.
const BASE64 = '__BASE64__';

export default async () => {
  // A window of Electron takes this file for Node's, and may have no Buffer.
  const bytes = globalThis.Buffer
    ? globalThis.Buffer.from(BASE64, 'base64')
    : Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0));
  return WebAssembly.compile(bytes);
};
