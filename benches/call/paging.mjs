// Pages through a long listing and tells how memory grew after the first 10,000 rows. Needs `node --expose-gc`.

import { sessionAt, startServer } from './connect.mjs';

const PAGE = 500;
const SETTLED = 10_000;

/** Growth in megabytes between row 10,000 and the last one: of the heap after collection, and of wasm memory. */
export async function paging(rows) {
  // The package keeps its instance to itself, so its memory is caught as it is made.
  const memories = [];
  const { Instance } = WebAssembly;
  const server = await startServer();
  try {
    WebAssembly.Instance = class extends Instance {
      constructor(module, imports) {
        super(module, imports);
        if (this.exports.memory) memories.push(this.exports.memory);
      }
    };
    const session = await sessionAt(server.origin);
    const listing = session.transactions(`pages-${rows / PAGE}`);
    let count = 0;
    let before;
    for await (const row of listing) {
      if (!row.key) throw new Error('A row has no key.');
      if (++count === SETTLED) before = used(memories);
    }
    if (count !== rows) throw new Error(`${count} rows came in place of ${rows}.`);
    const after = used(memories);
    return { rows, heapMegabytes: after.heap - before.heap, wasmMegabytes: after.wasm - before.wasm };
  } finally {
    WebAssembly.Instance = Instance;
    server.close();
  }
}

function used(memories) {
  if (memories.length === 0) throw new Error('The wasm memory was not seen: page before anything else.');
  for (let i = 0; i < 4; i++) globalThis.gc();
  const wasm = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  return { heap: process.memoryUsage().heapUsed / 1e6, wasm: wasm / 1e6 };
}
