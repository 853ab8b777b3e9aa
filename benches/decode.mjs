// Measures decoding, bytes to objects, against JSON.parse, Response.json(), zod and ajv, as ratios of one interleaved run.
//
//   node --expose-gc benches/decode.mjs [--quick] [--node] [--browsers]

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inBrowsers } from './decode/browsers.mjs';
import { build, copyScripts } from './decode/build.mjs';
import { heap } from './decode/heap.mjs';
import { measure, table } from './decode/measure.mjs';
import { ways } from './decode/ways.mjs';

const given = new Set(process.argv.slice(2));
const options = given.has('--quick')
  ? { sizes: [100, 1000], rounds: 7, budget: 4 }
  : { sizes: [10, 100, 1000, 10_000], rounds: 15, budget: 8 };

const out = build();
copyScripts();
const folder = pathToFileURL(`${out}/`);
const wasm = readFileSync(join(out, 'oakford_aisp_bg.wasm'));

console.log('Every figure is a ratio to JSON.parse(string) = 1; medians of rounds in turn.\n');
if (!given.has('--browsers')) {
  const zod = await import('zod');
  const Ajv = createRequire(import.meta.url)('ajv');
  console.log(
    `Node ${process.version}\n${table(await measure(await ways({ folder, wasm, rivals: { zod, Ajv } }), options))}\n`,
  );
  if (globalThis.gc) {
    const { ratio, rowMegabytes } = await heap(folder, wasm);
    console.log(
      `heap kept: ${ratio.toFixed(2)} of JSON.parse's; by one kept row: ${rowMegabytes.toFixed(2)} MB\n`,
    );
  }
}
if (!given.has('--node')) {
  for await (const { name, results } of inBrowsers(out, options)) console.log(`${name}\n${table(results)}\n`);
}
