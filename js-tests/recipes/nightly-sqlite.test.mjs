/** The recipe of a nightly sync, into SQLite. */
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, recentNode } from '../runtimes/programs.mjs';
import { temporaryFolder } from '../support/machine.mjs';

const node = recentNode();

test(
  'nightly sync: 1,000 customers into SQLite, rows and checkpoint in one transaction',
  { skip: node.absent },
  () =>
    execute(node.path, [join(import.meta.dirname, 'nightly-sqlite.mjs'), join(temporaryFolder(), 'copy.db')]),
);
