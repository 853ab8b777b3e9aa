const sdk = require('@oakford/aisp');
const { testFakeTimers } = require('./fake-timers.cjs');

const timers = {
  fake: (kind) => jest.useFakeTimers(kind),
  real: () => jest.useRealTimers(),
  advance: (ms) => jest.advanceTimersByTimeAsync(ms),
};

const kinds = { all: undefined, 'the legacy ones': { legacyFakeTimers: true } };

testFakeTimers({ sdk, test, afterEach, expect, timers, kinds });
