// Measures the demo page in Chromium on loopback: `node benches/demo.mjs` prints first paint, and frames while 10,000 rows scroll by.
import { loadavg } from 'node:os';
import { anna, startDemo } from '../js-tests/browser/demo-page.mjs';

const ROUNDS = 7;
const FRAME_MS = 1000 / 60;

const demo = await startDemo();
try {
  const loads = [];
  for (let round = 0; round < ROUNDS; round += 1) loads.push(await load());
  for (const name of ['first paint', 'connect button ready']) {
    const times = loads.map((times) => times[name]).sort((a, b) => a - b);
    console.log(
      `${name}: median ${Math.round(times[ROUNDS >> 1])} ms, ${Math.round(times[0])}–${Math.round(times.at(-1))}`,
    );
  }
  const customer = await demo.visit();
  await customer.connect(anna);
  // Processor time, which does not grow with what else the machine does.
  const inspector = await customer.page.context().newCDPSession(customer.page);
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await inspector.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  // What the machine drops by itself, then from what a finger does to a drag of the scroll bar.
  for (const rowsPerSecond of [0, 50, 500, 2000]) {
    const seconds = rowsPerSecond < 500 ? 10 : 5;
    const before = await cpuMs();
    const told = await customer.page.evaluate(scroll, { rowsPerSecond, seconds, FRAME_MS });
    const cpu = ((await cpuMs()) - before) / told.frames;
    console.log(
      `${rowsPerSecond} rows a second: ${told.frames} frames, ${told.dropped} dropped, longest ${told.longest.toFixed(0)} ms; ` +
        `the main thread computes for ${cpu.toFixed(1)} ms of a frame; ${told.rows} rows in the page`,
    );
  }
  console.log(`load average ${loadavg()[0].toFixed(1)}`);
} finally {
  await demo.close();
}

/** A new browser profile each time, so nothing is cached. */
async function load() {
  const customer = await demo.visit();
  const times = await customer.page.evaluate(() => ({
    'first paint': performance.getEntriesByName('first-contentful-paint')[0].startTime,
    'connect button ready': performance.now(),
  }));
  await customer.close();
  return times;
}

/** Runs in the page: scrolls evenly, and says how the frames came. */
async function scroll({ rowsPerSecond, seconds, FRAME_MS }) {
  const list = document.querySelector('.list');
  const rowHeight = list.querySelector('li').offsetHeight;
  const intervals = [];
  list.scrollTop = 0;
  let last = await new Promise(requestAnimationFrame);
  const end = last + seconds * 1000;
  while (last < end) {
    list.scrollTop += (rowsPerSecond * rowHeight * FRAME_MS) / 1000;
    const now = await new Promise(requestAnimationFrame);
    intervals.push(now - last);
    last = now;
  }
  return {
    frames: intervals.length,
    dropped: intervals.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0),
    longest: Math.max(...intervals),
    rows: list.querySelectorAll('li').length,
  };
}
