// Measures a whole call on loopback against `fetch` and `response.json()`: one after the other, and 64 at once.

import { median } from '../decode/measure.mjs';
import { sessionAt, startServer } from './connect.mjs';

const AT_ONCE = 64;

/** Ratios to `fetch` + `response.json()`: by the clock, and of the processor time that this process used. */
export async function calls({ rounds = 15, milliseconds = 120 } = {}) {
  const server = await startServer();
  try {
    const session = await sessionAt(server.origin);
    const results = [];
    for (const rows of [1, 100]) {
      const url = `${server.origin}/aisp/v1/accounts/rows-${rows}/transactions`;
      const headers = { accept: 'application/json', authorization: 'Bearer token-of-the-bench' };
      const ways = {
        fetch: async () => (await (await fetch(url, { headers })).json()).transactions,
        oakford: async () => (await session.transactions(`rows-${rows}`)).items,
      };
      for (const [name, run] of Object.entries(ways)) {
        const { length } = await run();
        if (length !== rows) throw new Error(`${name} gave ${length} rows in place of ${rows}.`);
      }
      results.push({
        rows,
        name: 'one by one',
        ...(await compare(ways, oneByOne, { rounds, milliseconds })),
      });
      results.push({
        rows,
        name: `${AT_ONCE} at once`,
        ...(await compare(ways, atOnce, { rounds, milliseconds })),
      });
    }
    return results;
  } finally {
    server.close();
  }
}

async function oneByOne(run, times) {
  for (let i = 0; i < times; i++) await run();
}

async function atOnce(run, times) {
  for (let i = 0; i < times; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, run));
}

async function compare(ways, drive, { rounds, milliseconds }) {
  const start = performance.now();
  await drive(ways.fetch, AT_ONCE);
  const times = AT_ONCE * Math.max(1, Math.round(milliseconds / (performance.now() - start)));
  const wall = { fetch: [], oakford: [] };
  const cpu = { fetch: [], oakford: [] };
  for (let round = -3; round < rounds; round++) {
    for (const [name, run] of Object.entries(ways)) {
      const before = process.cpuUsage();
      const begin = performance.now();
      await drive(run, times);
      const elapsed = performance.now() - begin;
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      wall[name].push(elapsed / times);
      cpu[name].push((user + system) / times);
    }
  }
  const ratio = (all) => median(all.oakford) / median(all.fetch);
  return { milliseconds: median(wall.fetch), ratio: ratio(wall), processor: ratio(cpu) };
}
