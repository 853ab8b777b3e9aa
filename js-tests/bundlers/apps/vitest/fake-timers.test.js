import * as sdk from '@oakford/aisp';
import { afterEach, expect, test, vi } from 'vitest';
import { testFakeTimers } from './fake-timers.mjs';

const timers = {
  fake: (kind) => vi.useFakeTimers(kind),
  real: () => vi.useRealTimers(),
  advance: (ms) => vi.advanceTimersByTimeAsync(ms),
};

const kinds = {
  'the default ones': undefined,
  // Vitest fakes no `nextTick` in the processes that it forks.
  'all but nextTick': { toNotFake: ['nextTick'] },
};

testFakeTimers({ sdk, test, afterEach, expect, timers, kinds });
