// Releases both packages. `npm run release -- --dry-run` does everything but publish: it builds twice from scratch in different
// places, compares, checks the contents, writes the bills of materials, and says what would be published and what stands in the way.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wrongContents } from './contents.mjs';
import { sbom, shipped } from './shipped.mjs';
import { Failure, main, output, root, run, step } from './step.mjs';
import { builtHashes, listOf, packageHashes } from './wasm-hashes.mjs';

const PACKAGES = [
  { name: '@oakford/aisp', source: 'pkg-template', folder: 'pkg' },
  { name: '@oakford/aisp-sandbox', source: 'sandbox', folder: 'sandbox' },
];
const out = join(root, 'target', 'release-files');
const WASM_HASHES = 'wasm.sha256';

/** The version, and what is wrong with the places that name it. */
export function versions(changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) {
  const versions = PACKAGES.map(({ source }) => [
    `${source}/package.json`,
    JSON.parse(readFileSync(join(root, source, 'package.json'), 'utf8')).version,
  ]);
  versions.push([
    'Cargo.toml',
    /^version = "(.+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))?.[1],
  ]);
  const version = versions[0][1];
  const obstacles = versions
    .filter(([, other]) => other !== version)
    .map(([path, other]) => `${path} says ${other}, the others ${version}.`);
  if (!new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?\\b`, 'm').test(changelog))
    obstacles.push(`CHANGELOG.md has no section '## ${version}'.`);
  return { version, obstacles };
}

/** What forbids to publish what is checked out here. */
async function obstacles(version) {
  const found = [];
  if ((await run('git', ['status', '--porcelain'])).trim() !== '')
    found.push('There are changes that are not committed.');
  const tags = (await run('git', ['tag', '--points-at', 'HEAD'])).trim().split('\n');
  if (!tags.includes(`v${version}`)) found.push(`The commit has no tag v${version}.`);
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL)
    found.push('Only the workflow release.yml can vouch for where a package was built (npm provenance).');
  for (const { name, source } of PACKAGES) {
    if (!JSON.parse(readFileSync(join(root, source, 'package.json'), 'utf8')).repository)
      found.push(
        `${source}/package.json names no repository, which npm's provenance compares with where it was built.`,
      );
    if (await output('npm', ['view', `${name}@${version}`, 'version']))
      found.push(`${name}@${version} is published already.`);
  }
  return found;
}

/** Builds a clean copy of a commit, and packs both packages from it; `wasm`: the hashes of the wasm that the package carries. */
async function packFromScratch(commit, place) {
  const copy = join(place, 'source');
  await run('git', ['clone', '--quiet', '--no-checkout', root, copy]);
  await run('git', ['checkout', '--quiet', '--detach', commit], { cwd: copy });
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: copy });
  await run('npm', ['run', 'build'], { cwd: copy, extraEnv: { CARGO_TARGET_DIR: join(copy, 'target') } });
  const packed = [];
  for (const { name, folder } of PACKAGES) {
    const printed = await run('npm', ['pack', '--json', '--pack-destination', place], {
      cwd: join(copy, folder),
    });
    const [{ filename, files, size }] = JSON.parse(printed.slice(printed.indexOf('[\n')));
    const bytes = readFileSync(join(place, filename));
    const paths = files.map(({ path }) => path);
    packed.push({
      name,
      filename,
      paths,
      size,
      bytes,
      hash: createHash('sha256').update(bytes).digest('hex'),
    });
  }
  const wasm = listOf(builtHashes(copy));
  if (listOf(await packageHashes(join(copy, 'pkg'))) !== wasm)
    throw new Failure('The package carries other wasm than was built.');
  return { packed, wasm };
}

async function release(dryRun) {
  const { version, obstacles: unequal } = versions();
  const standing = [...unequal, ...(await obstacles(version))];
  if (!dryRun && standing.length > 0) throw new Failure(standing.join('\n'));

  // The branch may move on meanwhile.
  const commit = (await run('git', ['rev-parse', 'HEAD'])).trim();
  const place = mkdtempSync(join(tmpdir(), 'oakford-release-'));
  try {
    const [first, second] = [join(place, 'one'), join(place, 'another', 'place')];
    for (const folder of [first, second]) mkdirSync(folder, { recursive: true });
    const one = await step(`Building ${commit.slice(0, 7)} from scratch`, () =>
      packFromScratch(commit, first),
    );
    const two = await step('Building it again, in another place', () => packFromScratch(commit, second));
    const wrong = one.packed.flatMap(({ name, paths }) => wrongContents(name, paths));
    for (const [index, { name, hash }] of one.packed.entries()) {
      const other = two.packed[index].hash;
      if (other !== hash) wrong.push(`Two builds of ${name} differ: ${hash}, ${other}.`);
    }
    if (wrong.length > 0) throw new Failure(wrong.join('\n'));
    await keep(one);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }

  if (dryRun) {
    console.log(
      standing.length > 0
        ? `\nIn the way of publishing:\n${standing.map((text) => `- ${text}`).join('\n')}`
        : '\nNothing is in the way.',
    );
    return;
  }
  for (const { name, filename } of JSON.parse(readFileSync(join(out, 'release.json'), 'utf8'))) {
    await step(`Publishing ${name}@${version}`, () =>
      run('npm', ['publish', '--provenance', '--access', 'public', join(out, filename)], { show: true }),
    );
  }
}

/** Puts everything that belongs to the release into one folder, and says what it is. */
async function keep({ packed, wasm }) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const components = await shipped();
  const released = packed.map(({ name, filename, paths, size, bytes, hash }) => {
    const { source } = PACKAGES.find((entry) => entry.name === name);
    const bill = filename.replace('.tgz', '.cdx.json');
    writeFileSync(join(out, filename), bytes);
    writeFileSync(join(out, bill), `${JSON.stringify(sbom(source, components[name]), null, 2)}\n`);
    console.log(
      `\n${name}: ${filename}, ${paths.length} files, ${(size / 1024).toFixed(0)} KB packed\n  sha256 ${hash}\n  ${bill}: ${components[name].length} components`,
    );
    return { name, filename, sha256: hash };
  });
  writeFileSync(join(out, 'release.json'), `${JSON.stringify(released, null, 2)}\n`);
  writeFileSync(join(out, WASM_HASHES), wasm);
  console.log(`\n${WASM_HASHES}, of what the wasm text unpacks to:\n${wasm}`);
  console.log(`All of it is in ${out}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(() => release(process.argv.includes('--dry-run')));
}
