// The packages as a user gets them: packed once for each test file, and unpacked where a package manager would.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/machine.mjs';

const root = join(import.meta.dirname, '..', '..');

/** A temporary folder with the starters, the suite and the installed package. */
export function installStarters() {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, 'starters'), folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'suite.mjs'), join(folder, 'suite.mjs'));
  const tarball = pack(folder);
  const place = join(folder, 'node_modules', '@oakford', 'aisp');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { '@oakford/aisp': '*' } }));
  return folder;
}

/** Packs the package, or what `source` names, into `folder`; gives the tarball's path. */
export function pack(folder, source = 'pkg') {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, source),
    encoding: 'utf8',
  });
  return join(folder, JSON.parse(output)[0].filename);
}
