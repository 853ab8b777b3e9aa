/** The reports of the public interface in etc/, by which a change of it shows in review. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entries, report } from '../../scripts/api.mjs';

for (const entry of entries) {
  test(`etc/${entry.name}.api.md is the interface of the entry ${entry.name}, and all names in it are exported`, () => {
    assert.deepEqual(report(entry, { check: true }), []);
  });
}
