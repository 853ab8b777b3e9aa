// Measures the way to an authorization URL: the first one in a fresh process, and further ones.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../decode/measure.mjs';

const WAYS = ['oakford', 'openid-client', 'oauth4webapi'];

/** Medians from import to first URL, each in a process of its own, one way after the other. */
export async function firstUrl({ rounds = 21 } = {}) {
  const script = fileURLToPath(new URL('fresh.mjs', import.meta.url));
  const all = WAYS.map((name) => ({ name, milliseconds: [], processor: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const way of all) {
      const { stdout } = await promisify(execFile)(process.execPath, [script, way.name]);
      const told = JSON.parse(stdout);
      way.milliseconds.push(told.milliseconds);
      way.processor.push(told.processor);
    }
  }
  return all.map(({ name, milliseconds, processor }) => ({
    name,
    milliseconds: median(milliseconds),
    processor: median(processor),
  }));
}

/** Microseconds of processor time for a further URL. */
export async function furtherUrls({ rounds = 21, urls = 500 } = {}) {
  const all = [];
  for (const name of [...WAYS, 'platform']) {
    const { prepare } = await import(`./${name}.mjs`);
    all.push({ name, run: await prepare(), times: [] });
  }
  for (let round = -3; round < rounds; round++) {
    for (const { run, times } of all) {
      const before = process.cpuUsage();
      for (let i = 0; i < urls; i++) await run();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.push((user + system) / urls);
    }
  }
  return all.map(({ name, times }) => ({ name, microseconds: median(times) }));
}
