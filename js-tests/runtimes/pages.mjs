// The pages that every browser is sent to: without a bundler, with a web worker, with a service worker, all under a strict policy.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { startHarness, visiting } from './harness.mjs';
import { installStarters } from './packed.mjs';

const PAGES = {
  'a page without a bundler': 'page.html',
  'a page with an import map': 'import-map.html',
  'a web worker': 'worker.html',
  'a service worker': 'service-worker.html',
};

/** Tests one browser: `open(url)` sends it to a page and gives how to close it; without it, `absent` says why. */
export async function testPages(name, { open, absent }) {
  if (absent) return test(`${name}`, { skip: absent }, () => {});
  const folder = installStarters();
  const importMap = JSON.stringify(importMapOf(folder));
  const mapped = join(folder, 'import-map.html');
  writeFileSync(mapped, readFileSync(mapped, 'utf8').replace('IMPORT_MAP', importMap));
  await bundle(join(folder, 'service-worker.mjs'), join(folder, 'service-worker.js'));
  // An import map stands in the page itself, so that a policy names it by its hash.
  const hash = `'sha256-${createHash('sha256').update(importMap).digest('base64')}'`;
  const scripts = { 'import-map.html': `'self' 'wasm-unsafe-eval' ${hash}`, 'blocked.html': "'self'" };
  const headers = (path) => policy(harness, scripts[basename(path)] ?? "'self' 'wasm-unsafe-eval'");
  const harness = await startHarness({ folder, headers });
  const startAt = (page) => visiting(open, `${harness.origin}/${page}`);

  for (const [what, page] of Object.entries(PAGES)) {
    test(`${name}: ${what}, under a strict policy`, async (t) => {
      harness.violations.length = 0;
      await harness.check(t, startAt(page), { inBrowser: true });
      assert.deepEqual(harness.violations, [], 'the policy was violated');
    });
  }

  test(`${name}: a policy without WebAssembly is an error that names it`, async () => {
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

function policy({ origin, sandbox }, scripts) {
  const rules = [
    "default-src 'none'",
    `script-src ${scripts}`,
    `connect-src ${origin} ${sandbox.origin} http://127.0.0.1:9`,
    'img-src data:',
    "worker-src 'self'",
    'report-uri /violations',
  ];
  return { 'content-security-policy': rules.join('; ') };
}

/** Service workers know no `import()`: their code is one file. */
async function bundle(input, file) {
  const built = await rolldown({ input });
  await built.write({ file, format: 'iife', codeSplitting: false });
}
