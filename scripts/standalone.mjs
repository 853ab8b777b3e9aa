// Writes the package's modules once more with relative imports only, for hosts that do not read `imports` in its package.json: browsers, Parcel.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RELATIVE = /(?:from|import\()\s*"\.\/([^"]+)"/g;

/** Makes `standalone/`: `index.js` and the modules that it may load. */
export function writeStandalone(pkg) {
  const { imports } = JSON.parse(readFileSync(join(pkg, 'package.json'), 'utf8'));
  const folder = join(pkg, 'standalone');
  mkdirSync(folder, { recursive: true });
  const written = new Set();
  const write = (name) => {
    if (written.has(name)) return;
    written.add(name);
    const code = readFileSync(join(pkg, name), 'utf8');
    const relative = code.replace(/"(#[^"\s]+)"/g, (_, id) => `"../${fallback(imports[id]).slice(2)}"`);
    writeFileSync(join(folder, name), relative);
    for (const [, next] of code.matchAll(RELATIVE)) write(next);
  };
  write('index.js');
}

const fallback = (target) => (typeof target === 'string' ? target : fallback(target.default));
