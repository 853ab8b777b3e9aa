// Checks a page with axe: no violation of WCAG 2.2 A and AA, nor of axe's best practices.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with what is wrong and where; `name` says which page it is. */
export async function assertAccessible(page, name) {
  // Put in by the browser's debugger, which no policy of the page forbids.
  await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const said = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }));
  assert.deepEqual(said, [], name);
}
