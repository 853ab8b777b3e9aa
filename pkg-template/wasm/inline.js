// Everywhere else the wasm is part of the code, so that no bundler, server or path can lose it.
import { unpack } from './unpack.js';

const FIRST = __FIRST__;
const ORDER = [__ORDER__];
const PARTS = {
  fapi: () => import('./fapi.js'),
  openid: () => import('./openid.js'),
  psu: () => import('./psu.js'),
  sync: () => import('./sync.js'),
};

export default async (part) => {
  const packed = part ? (await PARTS[part]()).default : FIRST;
  return WebAssembly.compile(unpack(packed, ORDER));
};
