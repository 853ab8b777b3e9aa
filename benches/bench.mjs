// Prints the figures of docs/performance.md: decoding, whole calls, memory and authorization URLs, as ratios of one interleaved run.
//
//   npm run bench -- [--quick] [--node] [--browsers] [--calls]
//   npm run bench -- --python [--check]   the Python package alone; --check fails if a target is missed

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as buildPackage } from '../scripts/build.mjs';
import { benchPython } from '../scripts/python.mjs';
import { inBrowsers } from './decode/browsers.mjs';
import { build, copyScripts } from './decode/build.mjs';
import { heap } from './decode/heap.mjs';
import { measure, table } from './decode/measure.mjs';
import { ways } from './decode/ways.mjs';

const given = new Set(process.argv.slice(2));
const quick = given.has('--quick');
const decoding = quick
  ? { sizes: [100, 1000], rounds: 9, budget: 6 }
  : { sizes: [10, 100, 1000, 10_000], rounds: 21, budget: 12 };

if (given.has('--python')) {
  await benchPython(given.has('--check') ? ['--check'] : []);
  process.exit();
}
await buildPackage();
if (given.has('--calls')) {
  machine();
  await wholeCalls();
  process.exit();
}
const out = build();
copyScripts(out);
machine();
if (!given.has('--browsers')) {
  await decodeInNode();
  await memory();
  await wholeCalls();
  await authorizationUrls();
}
if (!given.has('--node')) {
  for await (const { name, results, absent } of inBrowsers(out, decoding)) {
    console.log(absent ? `${name}: not measured, ${absent}\n` : `Decoding in ${name}\n${table(results)}\n`);
  }
}
console.log(`Load average at the end: ${load()}`);
process.exit();

function machine() {
  const all = cpus();
  console.log(`${all.length} × ${all[0]?.model.trim()}, ${platform()} ${release()}, Node ${process.version}`);
  console.log(`Load average at the beginning: ${load()}\n`);
  console.log('Decoding: ratios to JSON.parse(string) = 1; medians of rounds in turn.');
  console.log('In Node by the processor time that was used, in browsers by the clock.\n');
}

function load() {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}

async function decodeInNode() {
  const zod = await import('zod');
  const Ajv = createRequire(import.meta.url)('ajv');
  const wasm = readFileSync(join(out, 'oakford_aisp_bg.wasm'));
  const all = await ways({ folder: pathToFileURL(`${out}/`), wasm, rivals: { zod, Ajv } });
  const clock = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  console.log(`Decoding in Node\n${table(await measure(all, { ...decoding, clock }))}\n`);
}

async function memory() {
  if (!globalThis.gc) return console.log('Memory: not measured, as node was started without --expose-gc.\n');
  const wasm = readFileSync(join(out, 'oakford_aisp_bg.wasm'));
  const { ratio, rowMegabytes } = await heap(pathToFileURL(`${out}/`), wasm);
  console.log(`Heap kept by 5,000 rows: ${ratio.toFixed(2)} of what JSON.parse's keep`);
  console.log(`Kept by a single row of them: ${rowMegabytes.toFixed(2)} MB`);
  const { paging } = await import('./call/paging.mjs');
  const { rows, heapMegabytes, wasmMegabytes } = await paging(quick ? 30_000 : 100_000);
  console.log(
    `${rows.toLocaleString('en')} transactions in pages: after the first 10,000 the heap grew by ${heapMegabytes.toFixed(2)} MB, wasm memory by ${wasmMegabytes.toFixed(2)} MB\n`,
  );
}

async function wholeCalls() {
  const { BASE, calls, ownTime } = await import('./call/calls.mjs');
  console.log(`A whole call over loopback: ratios to ${BASE} = 1, by the clock and by processor time`);
  for (const { rows, order, times } of await calls(quick ? { rounds: 7, milliseconds: 60 } : {})) {
    const base = times[BASE];
    console.log(`${String(rows).padStart(6)} rows, ${order} (${BASE}: ${base.wall.toFixed(2)} ms)`);
    for (const [name, { wall, cpu }] of Object.entries(times)) {
      if (name === BASE) continue;
      console.log(
        `         ${name.padEnd(20)} ${(wall / base.wall).toFixed(2)}  ${(cpu / base.cpu).toFixed(2)}`,
      );
    }
  }
  console.log(
    `     1 row with a fetch that answers at once: ${(await ownTime()).toFixed(0)} µs of processor time\n`,
  );
}

async function authorizationUrls() {
  const { firstUrl, furtherUrls } = await import('./start/measure.mjs');
  const first = await firstUrl(quick ? { rounds: 7 } : {});
  const further = await furtherUrls(quick ? { rounds: 7 } : {});
  console.log('From import to the first authorization URL in a fresh process: ratios to oauth4webapi = 1');
  const base = first.find(({ name }) => name === 'oauth4webapi');
  for (const { name, milliseconds, processor } of first) {
    console.log(
      `  ${name.padEnd(14)} ${(milliseconds / base.milliseconds).toFixed(2)} by the clock, ${(processor / base.processor).toFixed(2)} by processor time (${processor.toFixed(0)} ms)`,
    );
  }
  console.log(
    'A further authorization URL, by processor time: ratios to crypto.subtle + URLSearchParams = 1',
  );
  const platform = further.find(({ name }) => name === 'platform').microseconds;
  for (const { name, microseconds } of further)
    console.log(
      `  ${name.padEnd(14)} ${(microseconds / platform).toFixed(2)} (${microseconds.toFixed(0)} µs)`,
    );
  console.log('');
}
