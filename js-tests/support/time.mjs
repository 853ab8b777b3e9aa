/** Time in tests: the clock that only the test moves, and waits for what has no signal. */
import { mock } from 'node:test';

export const HOUR_MS = 3_600_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Replaces timers, the time of day and the monotonic clock by a clock that only the test moves. `fetch` must need no timer.
 * `pass(ms, step)` moves the clock step by step and runs everything that is due.
 */
export function fakeTime(t, start = Date.UTC(2026, 0, 15, 9)) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: start });
  const clock = mock.method(performance, 'now', () => Date.now() - start);
  t.after(() => {
    mock.timers.reset();
    clock.mock.restore();
  });
  return {
    start,
    get now() {
      return Date.now() - start;
    },
    async pass(ms, step = ms) {
      for (let left = ms; left > 0; left -= step) {
        mock.timers.tick(Math.min(step, left));
        await settled();
      }
    },
    settled,
  };
}

/** Runs all work that is ready. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until a condition holds that has no signal; the limit is for defects, not for load. */
export async function until(condition, limitMs = 60_000) {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${condition}`);
    await pause(20);
  }
}
