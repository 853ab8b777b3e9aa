// Measures a whole call over loopback, the server in a process of its own, against what a careful caller writes with `fetch`:
// headers, an AbortController, a timer and `json()`. Beside it bare `fetch`, openid-client with zod, and axios.

import axios from 'axios';
import * as openid from 'openid-client';
import { z } from 'zod';
import { median } from '../decode/measure.mjs';
import { zodSchema } from '../decode/ways.mjs';
import { sessionAt, startServer } from './connect.mjs';

const AT_ONCE = 64;
const TIMEOUT_MS = 30_000;

/** The way that the others are compared with. */
export const BASE = 'careful fetch';

/** Times in milliseconds for each number of rows and each way: by the clock, and of the processor time that this process used. */
export async function calls({ sizes = [1, 100, 500], rounds = 15, milliseconds = 120 } = {}) {
  const server = await startServer();
  try {
    const session = await sessionAt(server.origin);
    const results = [];
    for (const rows of sizes) {
      const ways = waysTo(server.origin, session, rows);
      for (const [name, run] of Object.entries(ways)) {
        const { length } = await run();
        if (length !== rows) throw new Error(`${name} gave ${length} rows in place of ${rows}.`);
      }
      for (const [drive, order] of [
        [oneByOne, 'one by one'],
        [atOnce, `${AT_ONCE} at once`],
      ]) {
        results.push({ rows, order, times: await compare(ways, drive, { rounds, milliseconds }) });
      }
    }
    return results;
  } finally {
    server.close();
  }
}

/** The processor time in microseconds of a call of one row whose `fetch` answers at once: what the package itself takes. */
export async function ownTime({ rounds = 7, times = 4000 } = {}) {
  const server = await startServer();
  const url = `${server.origin}/aisp/v1/accounts/rows-1/transactions`;
  const body = new Uint8Array(await (await fetch(url)).arrayBuffer());
  server.close();
  const headers = new Headers({ 'content-type': 'application/json' });
  const answer = () => ({ status: 200, headers, arrayBuffer: async () => body });
  const session = await sessionAt(server.origin, { fetch: async () => answer() });
  const run = async () => (await session.transactions('rows-1')).items;
  const measured = [];
  for (let round = -2; round < rounds; round++) {
    const { cpu } = await timed(() => oneByOne(run, times), times);
    if (round >= 0) measured.push(cpu * 1000);
  }
  return median(measured);
}

function waysTo(origin, session, rows) {
  const url = `${origin}/aisp/v1/accounts/rows-${rows}/transactions`;
  const headers = { accept: 'application/json', authorization: 'Bearer token-of-the-bench' };
  const configuration = new openid.Configuration({ issuer: origin }, 'bench');
  openid.allowInsecureRequests(configuration);
  const schema = zodSchema(z);
  const client = axios.create({ timeout: TIMEOUT_MS, headers });
  return {
    [BASE]: async () => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
      try {
        const requestId = crypto.randomUUID();
        const response = await fetch(url, {
          headers: { ...headers, 'x-request-id': requestId },
          signal: controller.signal,
        });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return (await response.json()).transactions;
      } finally {
        clearTimeout(timer);
      }
    },
    'bare fetch': async () => (await (await fetch(url, { headers })).json()).transactions,
    oakford: async () => (await session.transactions(`rows-${rows}`)).items,
    'openid-client + zod': async () => {
      const response = await openid.fetchProtectedResource(
        configuration,
        'token-of-the-bench',
        new URL(url),
        'GET',
      );
      return schema.parse(await response.json()).transactions;
    },
    axios: async () => (await client.get(url)).data.transactions,
  };
}

async function oneByOne(run, times) {
  for (let i = 0; i < times; i++) await run();
}

async function atOnce(run, times) {
  for (let i = 0; i < times; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, run));
}

async function compare(ways, drive, { rounds, milliseconds }) {
  const start = performance.now();
  await drive(ways[BASE], AT_ONCE);
  const times = AT_ONCE * Math.max(1, Math.round(milliseconds / (performance.now() - start)));
  const measured = Object.fromEntries(Object.keys(ways).map((name) => [name, { wall: [], cpu: [] }]));
  for (let round = -3; round < rounds; round++) {
    for (const [name, run] of Object.entries(ways)) {
      const { wall, cpu } = await timed(() => drive(run, times), times);
      if (round < 0) continue;
      measured[name].wall.push(wall);
      measured[name].cpu.push(cpu);
    }
  }
  return Object.fromEntries(
    Object.entries(measured).map(([name, { wall, cpu }]) => [name, { wall: median(wall), cpu: median(cpu) }]),
  );
}

async function timed(work, times) {
  const before = process.cpuUsage();
  const begin = performance.now();
  await work();
  const elapsed = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return { wall: elapsed / times, cpu: (user + system) / 1000 / times };
}
