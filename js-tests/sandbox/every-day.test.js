// Each scenario keeps the promise of its line on every day of two years, in zones far from each other.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const PROGRAM = join(import.meta.dirname, 'every-day.mjs');
const FIRST = '2027-06-01';
const LAST = '2029-05-31';

describe('every scenario', { concurrency: true }, () => {
  for (const [zone, clockChanges] of [
    ['UTC', 0],
    ['Pacific/Kiritimati', 0],
    ['America/St_Johns', 4],
  ]) {
    it(`keeps the promise of its line at noon of every day of two years in ${zone}`, async () => {
      const env = { ...process.env, TZ: zone };
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, FIRST, LAST], { env });
      const { timeZone, broken, seen } = JSON.parse(stdout);
      assert.equal(timeZone, zone);
      assert.deepEqual(broken, []);
      assert.equal(seen.length, 731);
      for (const day of ['2028 2 29', '2027 12 31', '2028 1 1', '2028 11 28', '2029 2 28'])
        assert.ok(
          seen.some((each) => each.startsWith(`${day} `)),
          day,
        );
      const offsets = seen.map((each) => each.split(' ').at(-1));
      assert.equal(offsets.filter((offset, at) => at > 0 && offset !== offsets[at - 1]).length, clockChanges);
    });
  }
});
