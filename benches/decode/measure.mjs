// Measures ways from a body's bytes to objects, one against the other in turn; runs in Node and in browsers alike.

import { bodies } from './data.mjs';

/** Seeds that no test uses. */
const SEED = 20_260_731;

/**
 * Median times of every way, as ratios to `JSON.parse` of a string.
 *
 * @param clock gives milliseconds
 * @param ways name → (body: { bytes, text }) => unknown; may be asynchronous
 */
export async function measure(
  ways,
  { sizes = [10, 100, 1000, 10_000], rounds = 15, budget = 12, names, clock = () => performance.now() } = {},
) {
  const results = [];
  for (const { rows, name, text } of bodies(sizes, SEED)) {
    if (names && !names.includes(name)) continue;
    const body = { text, bytes: new TextEncoder().encode(text) };
    const times = {};
    for (const way of Object.keys(ways)) times[way] = [];
    const repeats = Math.max(1, Math.round((budget * 150_000) / body.bytes.length));
    for (let round = -2; round < rounds; round++) {
      for (const [way, run] of Object.entries(ways)) {
        const start = clock();
        for (let i = 0; i < repeats; i++) {
          const result = run(body);
          if (result instanceof Promise) await result;
        }
        if (round >= 0) times[way].push((clock() - start) / repeats);
      }
    }
    const medians = Object.fromEntries(Object.entries(times).map(([way, all]) => [way, median(all)]));
    const base = medians['JSON.parse(string)'];
    // As a list: WebDriver doesn't keep the order of an object's fields.
    const ratios = Object.entries(medians).map(([way, time]) => [way, time / base]);
    results.push({ rows, name, kilobytes: Math.round(body.bytes.length / 1000), milliseconds: base, ratios });
  }
  return results;
}

/** The middle one. */
export function median(all) {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The results as a table for the terminal. */
export function table(results) {
  const ways = results[0].ratios.map(([way]) => way);
  const lines = [
    `${'rows'.padStart(6)} ${'text'.padEnd(9)} ${'KB'.padStart(6)} ${'ms'.padStart(8)}  ${ways.join('  ')}`,
  ];
  for (const { rows, name, kilobytes, milliseconds, ratios } of results) {
    const cells = ratios.map(([way, ratio]) => ratio.toFixed(2).padStart(way.length));
    lines.push(
      `${String(rows).padStart(6)} ${name.padEnd(9)} ${String(kilobytes).padStart(6)} ${milliseconds.toFixed(3).padStart(8)}  ${cells.join('  ')}`,
    );
  }
  return lines.join('\n');
}
