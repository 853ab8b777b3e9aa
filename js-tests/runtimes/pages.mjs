// The pages that every browser is sent to: without a bundler, with a web worker, with a service worker, all under a strict policy.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { startHarness } from './harness.mjs';
import { installStarters } from './packed.mjs';

const PAGES = {
  'a page without a bundler': 'page.html',
  'a web worker': 'worker.html',
  'a service worker': 'service-worker.html',
};

/** Tests one browser: `open(url)` sends it to a page and gives how to close it; without it, `absent` says why. */
export async function testPages(name, { open, absent }) {
  if (absent) return test(`${name}`, { skip: absent }, () => {});
  const folder = installStarters();
  const importMap = JSON.stringify(importMapOf(folder));
  for (const page of ['page.html', 'blocked.html']) {
    const path = join(folder, page);
    writeFileSync(path, readFileSync(path, 'utf8').replace('IMPORT_MAP', importMap));
  }
  // Workers know no import maps, and service workers no `import()`: their code is bundled into one file.
  await bundle(join(folder, 'page.mjs'), join(folder, 'worker.js'));
  await bundle(join(folder, 'service-worker.mjs'), join(folder, 'service-worker.js'));
  const headers = (path) => policy(importMap, harness, { wasm: !path.endsWith('blocked.html') });
  const harness = await startHarness({ folder, headers });
  const startAt =
    (page) =>
    async ({ url, results }) => {
      const { failed = results, close } = await open(
        `${harness.origin}/${page}?run=${encodeURIComponent(url)}`,
      );
      await Promise.race([results, failed]).finally(close);
    };

  for (const [what, page] of Object.entries(PAGES)) {
    test(`${name}: ${what}, under a strict policy`, async (t) => {
      harness.violations.length = 0;
      await harness.check(t, startAt(page), { inBrowser: true });
      assert.deepEqual(harness.violations, [], 'the policy was violated');
    });
  }

  test(`${name}: a policy that forgets WebAssembly is told in words`, async () => {
    const said = await harness.run(startAt('blocked.html'));
    assert.deepEqual(said, [true, 'wasm_blocked', true]);
  });
}

/** Names the package and what it imports from itself: browsers do not read its package.json. */
function importMapOf(folder) {
  const at = '/node_modules/@oakford/aisp/';
  const { exports, imports } = JSON.parse(readFileSync(join(folder, at, 'package.json'), 'utf8'));
  const fallback = (target) => (typeof target === 'string' ? target : fallback(target.default));
  const files = { '@oakford/aisp': exports['.'].import.default };
  for (const [name, target] of Object.entries(imports)) files[name] = fallback(target);
  for (const name in files) files[name] = files[name].replace('./', at);
  return { imports: files };
}

/** An import map stands in the page itself, so that the policy names it by its hash. */
function policy(importMap, { origin, sandbox }, { wasm }) {
  const hash = createHash('sha256').update(importMap).digest('base64');
  const rules = [
    "default-src 'none'",
    `script-src 'self' ${wasm ? "'wasm-unsafe-eval'" : ''} 'sha256-${hash}'`,
    `connect-src ${origin} ${sandbox.origin} http://127.0.0.1:9`,
    'img-src data:',
    "worker-src 'self'",
    'report-uri /violations',
  ];
  return { 'content-security-policy': rules.join('; ') };
}

async function bundle(input, file) {
  const built = await rolldown({ input });
  await built.write({ file, format: 'iife', codeSplitting: false });
}
