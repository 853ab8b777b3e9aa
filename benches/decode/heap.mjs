// How much heap the results keep, against what JSON.parse makes. Needs `node --expose-gc`.

import { transactions } from './data.mjs';
import { load } from './ours.mjs';

const used = () => {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external - arrayBuffers;
};

/** Bytes kept by the results of 5,000 rows, as a ratio to JSON.parse's, and in megabytes by one row of them. */
export async function heap(folder, wasm) {
  const { decode } = await load(folder, wasm);
  const text = JSON.stringify(transactions(5000, 'ascii', 4_711));
  const bytes = new TextEncoder().encode(text);
  const keep = (make) => {
    const kept = [];
    make();
    const before = used();
    kept.push(make());
    const after = used();
    return kept.length && after - before;
  };
  const parsed = keep(() => JSON.parse(new TextDecoder().decode(bytes)));
  const ours = keep(() => decode(3, bytes));
  const row = keep(() => decode(3, bytes)[2500]);
  return { ratio: ours / parsed, rowMegabytes: row / 1e6 };
}
