// Node: the one that runs this, and the later lines; imported, required, and in a worker thread.
import { join } from 'node:path';
import { test } from 'node:test';
import { startHarness } from './harness.mjs';
import { installStarters } from './packed.mjs';
import { execute, program } from './programs.mjs';

const folder = installStarters();
const harness = await startHarness();
const programs = {
  [`Node ${process.version}`]: { path: process.execPath },
  'Node 22': program('node-22'),
  'Node 24': program('node-24'),
};
const starters = { imported: 'esm.mjs', required: 'cjs.cjs', 'in a worker thread': 'thread.mjs' };

for (const [name, { path, absent }] of Object.entries(programs)) {
  for (const [how, starter] of Object.entries(starters)) {
    test(`${name}, ${how}`, { skip: absent }, (t) =>
      harness.check(t, ({ url }) => execute(path, [join(folder, starter), url])),
    );
  }
}
