// What ships in each package beside our own code: the crates that are linked into the wasm, the npm packages that are installed along.
// `npm run renew:licences` writes it down: docs/licences.md, and the licences' texts, which go into the package.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, root, run } from './step.mjs';

const at = (...parts) => join(root, ...parts);
const manifest = (folder) => JSON.parse(readFileSync(at(folder, 'package.json'), 'utf8'));

/** A component: `{ type: 'cargo' | 'npm', name, version, licence, hash?: { alg, content } }`. */
export async function shipped() {
  return { '@oakford/aisp': await crates(), '@oakford/aisp-sandbox': npmPackages('sandbox') };
}

async function crates() {
  const tree = ['tree', '--target', 'wasm32-unknown-unknown', '--edges', 'normal,no-proc-macro', '--locked'];
  const lines = (await run('cargo', [...tree, '--prefix', 'none', '--format', '{p}|{l}'])).trim().split('\n');
  const names = lines.map((line) => /^([\w-]+) v([\w.+-]+)(.*)\|(.*?)(?: \(\*\))?$/.exec(line) ?? [line]);
  const strange = names.find(([, name]) => name === undefined);
  if (strange) throw new Error(`cargo tree says '${strange[0]}', which is not understood.`);
  const found = new Map();
  for (const [, name, version, place, licence] of names) {
    if (place === '') found.set(name, { type: 'cargo', name, version, licence, ...checksum(name, version) });
  }
  return [...sorted(found.values()), await standardLibrary()];
}

function checksum(name, version) {
  const lock = readFileSync(at('Cargo.lock'), 'utf8').split('[[package]]');
  const entry = lock.find((text) => text.includes(`name = "${name}"\nversion = "${version}"`));
  const content = /checksum = "(\w+)"/.exec(entry ?? '')?.[1];
  return content ? { hash: { alg: 'SHA-256', content } } : {};
}

async function standardLibrary() {
  const version = /^rustc (\S+)/.exec(await run('rustc', ['--version']))?.[1];
  return { type: 'cargo', name: 'std', version, licence: 'MIT OR Apache-2.0' };
}

/** What npm installs along with a workspace, by the lock file. */
function npmPackages(workspace) {
  const { packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));
  const found = new Map();
  const visit = (folder) => {
    for (const name of Object.keys({
      ...packages[folder].dependencies,
      ...packages[folder].optionalDependencies,
    })) {
      const path = nearest(packages, folder, name);
      if (path === undefined || found.has(path)) continue;
      const { version, license, integrity } = packages[path];
      const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
      found.set(path, { type: 'npm', name, version, licence: license, hash: { alg: 'SHA-512', content } });
      visit(path);
    }
  };
  visit(workspace);
  return sorted(found.values());
}

/** Where Node finds a package from a folder. */
function nearest(packages, folder, name) {
  for (let at = folder; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in packages) return path;
    if (at === '') return undefined;
  }
}

const sorted = (components) =>
  [...components].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));

/** A package's bill of materials, CycloneDX 1.6. The same sources give the same text: it holds neither a time nor a random number. */
export function sbom(folder, components) {
  const { name, version, license, description } = manifest(folder);
  const ref = `pkg:npm/${encodeURIComponent(name)}@${version}`.replace('%2F', '/');
  const parts = components.map(({ type, name, version, licence, hash }) => {
    const purl = `pkg:${type}/${encodeURIComponent(name).replace('%2F', '/')}@${version}`;
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      licenses: [{ expression: licence.replaceAll(' or ', ' OR ') }],
      ...(hash ? { hashes: [hash] } : {}),
      purl,
    };
  });
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': ref,
        name,
        version,
        description,
        licenses: [{ expression: license }],
        purl: ref,
      },
    },
    components: parts,
    dependencies: [{ ref, dependsOn: parts.map((part) => part['bom-ref']) }],
  };
}

/** docs/licences.md. */
export function list(components) {
  const tables = Object.entries(components).map(([name, parts]) => {
    const what =
      name === '@oakford/aisp'
        ? 'Crates that are linked into the wasm. The texts of their licences are in the package, in `THIRD-PARTY-LICENCES.txt`.'
        : 'Packages that npm installs along; none is part of the package itself.';
    const rows = parts.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
    return `## ${name}\n${what}\n\n| | version | licence |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Licences of what ships

Both packages are licensed under [Apache-2.0](../LICENSE). Beside our own code there ships what is listed here. Made by \`npm run renew:licences\`; a test fails where it
differs, and \`cargo deny check\` refuses a licence that is not allowed.

${tables.join('\n')}`;
}

/** The licences' texts, as MIT and Apache-2.0 ask for: MIT's where a crate leaves the choice. */
export async function texts(components) {
  const metadata = JSON.parse(
    await run('cargo', ['metadata', '--format-version', '1', '--locked', '--quiet']),
  );
  const folders = new Map(
    metadata.packages.map(({ name, version, manifest_path: path }) => [`${name} ${version}`, dirname(path)]),
  );
  const parts = components['@oakford/aisp'].filter(({ name }) => name !== 'std');
  const sections = parts.map(({ name, version, licence }) => {
    const found = licenceFiles(folders.get(`${name} ${version}`), licence);
    return `${name} ${version} (${licence})\n\n${found.join('\n\n')}`;
  });
  const std =
    'The Rust standard library (MIT OR Apache-2.0)\n\nCopyright (c) The Rust Project Contributors. Used under Apache-2.0, as this package is: see LICENSE.';
  return `${[...sections, std].map((text) => `${'-'.repeat(80)}\n${text.trim()}\n`).join('\n')}`;
}

function licenceFiles(folder, licence) {
  const names = readdirSync(folder).filter((name) => /^(LICEN[CS]E|COPYING)/i.test(name));
  const chosen = names.filter(
    (name) => /MIT/i.test(name) || (/UNICODE/i.test(name) && licence.includes('Unicode')),
  );
  const files = chosen.length > 0 ? chosen : names;
  if (files.length === 0) return ['Used under Apache-2.0, as this package is: see LICENSE.'];
  return files.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r', '').trim());
}

/** The files that are kept in the repository, by their paths. */
export async function records() {
  const components = await shipped();
  return new Map([
    ['docs/licences.md', list(components)],
    ['pkg-template/THIRD-PARTY-LICENCES.txt', await texts(components)],
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    for (const [path, text] of await records()) {
      if (existsSync(at(path)) && readFileSync(at(path), 'utf8') === text) continue;
      writeFileSync(at(path), text);
      console.log(`${path} is renewed.`);
    }
  });
}
