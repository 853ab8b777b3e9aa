/**
 * The sandbox as every test starts it: pinned to one day, so that a run is the same run on every day. What the test starts in other
 * processes inherits the day. `AISP_SANDBOX_NOW=` (empty) lets the sandbox follow the machine's clock.
 */
export * from '@oakford/aisp-sandbox/testing';

process.env.AISP_SANDBOX_NOW ??= '2026-03-10T12:00:00Z';
