// Deno, which may reach the sandbox and nothing else, and Bun, imported and required.
import { join } from 'node:path';
import { test } from 'node:test';
import { startHarness } from './harness.mjs';
import { installStarters } from './packed.mjs';
import { execute, program } from './programs.mjs';

const folder = installStarters();
const harness = await startHarness();
const hosts = [harness.origin, harness.sandbox.origin].map((origin) => new URL(origin).host);
const deno = program('deno');
const bun = program('bun');

test('Deno without a permission beyond the network', { skip: deno.absent }, (t) =>
  harness.check(t, ({ url }) =>
    execute(deno.path, ['run', '--no-prompt', `--allow-net=${hosts}`, join(folder, 'deno.mjs'), url], {
      cwd: folder,
    }),
  ),
);

for (const [how, starter] of Object.entries({ imported: 'esm.mjs', required: 'cjs.cjs' })) {
  test(`Bun, ${how}`, { skip: bun.absent }, (t) =>
    harness.check(t, ({ url }) => execute(bun.path, [join(folder, starter), url], { cwd: folder })),
  );
}
