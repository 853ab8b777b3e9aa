/** What ships: the files of both packages, their bills of materials and licences, their versions. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { wrongContents } from '../../scripts/contents.mjs';
import { versions } from '../../scripts/release.mjs';
import { records, sbom, shipped } from '../../scripts/shipped.mjs';

const root = join(import.meta.dirname, '..', '..');
const components = await shipped();

for (const [name, folder] of [
  ['@oakford/aisp', 'pkg'],
  ['@oakford/aisp-sandbox', 'sandbox'],
]) {
  test(`${name} is packed with what it needs and nothing else`, () => {
    const options = { cwd: join(root, folder), encoding: 'utf8', stdio: 'pipe' };
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], options));
    const paths = files.map(({ path }) => path);
    assert.deepEqual(wrongContents(name, paths), []);
    const wrong = wrongContents(name, [...paths.filter((path) => path !== 'LICENSE'), 'notes/secret.pem']);
    assert.match(wrong.join('\n'), /holds notes\/secret\.pem[\s\S]*lacks LICENSE/);
  });
}

for (const [name, source] of [
  ['@oakford/aisp', 'pkg-template'],
  ['@oakford/aisp-sandbox', 'sandbox'],
]) {
  test(`the bill of materials of ${name} is valid CycloneDX, and the same each time`, async () => {
    const bill = sbom(source, components[name]);
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    assert.equal(await validator.validate(JSON.stringify(bill)), null);
    assert.notEqual(await validator.validate(JSON.stringify({ ...bill, components: [{ name: 'a' }] })), null);
    assert.ok(bill.components.length > 10);
    assert.deepEqual(sbom(source, (await shipped())[name]), bill);
  });
}

test('the crates are those that are linked into the wasm: no tool of the build, no test', () => {
  const names = components['@oakford/aisp'].map(({ name }) => name);
  for (const name of ['wasm-bindgen', 'sha2', 'getrandom', 'std']) assert.ok(names.includes(name), name);
  for (const name of ['wasm-bindgen-macro', 'proptest', 'serde_json', 'syn'])
    assert.ok(!names.includes(name), name);
});

test('docs/licences.md and the texts of the licences are up to date (npm run renew:licences)', async () => {
  for (const [path, text] of await records())
    assert.equal(readFileSync(join(root, path), 'utf8'), text, path);
});

test('all places name one version, and one that the changelog does not know can’t be published', () => {
  const { version, obstacles } = versions(`# Changelog\n\n## ${versions().version}\n`);
  assert.deepEqual(obstacles, []);
  assert.deepEqual(versions('# Changelog\n').obstacles, [`CHANGELOG.md has no section '## ${version}'.`]);
});

test('outside of the workflow nothing is published, and every reason is named', () => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _identity, ...env } = process.env;
  const options = { cwd: root, encoding: 'utf8', env };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.mjs'], options);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /Only the workflow release\.yml can vouch/);
});

test('cargo-deny lets every crate through', (context) => {
  const PATH = [join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin'), process.env.PATH].join(
    delimiter,
  );
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, PATH } };
  if (spawnSync('cargo-deny', ['--version'], options).status !== 0)
    return context.skip('cargo-deny is not installed (cargo install cargo-deny --locked)');
  // Known holes need the network: the workflows look for them.
  const { status, stderr } = spawnSync(
    'cargo-deny',
    ['--offline', 'check', 'licenses', 'bans', 'sources'],
    options,
  );
  assert.equal(status, 0, stderr);
});
