// Builds the documentation's site into site/: the guides and the API's reference, with search, without a network.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addresses } from '../website/.vitepress/pages.mjs';
import { build } from './build.mjs';
import { npmPackages, setup } from './setup.mjs';
import { Failure, main, root, run, step } from './step.mjs';

const website = join(root, 'website');
const source = join(root, 'target', 'site-source');

/** A link in Markdown, and an attribute in HTML: the target and its anchor. */
const LINK = /(\[[^\]]*\])\(([^)\s#]+)(#[^)\s]*)?\)/g;
const ATTRIBUTE = /\b(href|src|srcset)="([^"#]+)(#[^"]*)?"/g;

/** The text of a page with links that lead to the site's pages, and to copies of other files. */
export function rewritten(text, path) {
  return outsideCode(text, (part) =>
    part
      .replace(LINK, (whole, label, target, anchor = '') => {
        const address = addressOf(target, path);
        // A folder is no page: its name stays.
        return address === null ? label.slice(1, -1) : address ? `${label}(${address}${anchor})` : whole;
      })
      .replace(ATTRIBUTE, (whole, name, target, anchor = '') => {
        const address = addressOf(target, path);
        return address ? `${name}="${address}${anchor}"` : whole;
      }),
  );
}

/** Applies `change` to what is not in a fence. */
function outsideCode(text, change) {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** Where a link leads on the site: undefined for another site, null for a folder without a page. */
function addressOf(target, path) {
  if (/^[a-z]+:|^#/i.test(target)) return undefined;
  const file = posix.normalize(posix.join(dirname(path), target)).replace(/\/$/, '');
  const page = addresses.get(file) ?? addresses.get(`${file}/README.md`);
  if (page !== undefined) return `/${page === 'index' ? '' : page}`;
  if (!existsSync(join(root, file))) throw new Failure(`${path} links to ${file}, which is not there.`);
  if (statSync(join(root, file)).isDirectory()) return null;
  // Images are images; a browser shows other files as text.
  const copy = /\.(png|svg)$/.test(file) ? file : `source/${file}.txt`;
  mkdirSync(dirname(join(source, 'public', copy)), { recursive: true });
  cpSync(join(root, file), join(source, 'public', copy));
  return `/${copy}`;
}

function collect() {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(join(source, 'public'), { recursive: true });
  cpSync(join(root, 'examples', 'browser', 'icon.svg'), join(source, 'public', 'icon.svg'));
  for (const [path, address] of addresses) {
    writeFileSync(join(source, `${address}.md`), rewritten(readFileSync(join(root, path), 'utf8'), path));
  }
}

/** Makes the site of the package as it was built last. */
export async function buildSite() {
  await npmPackages(website, 'VitePress (100 MB, once)');
  await step('Collecting the pages', collect);
  await step('Making the reference from the types', () =>
    run('typedoc', ['--options', join(website, 'typedoc.json')]),
  );
  await step('Building the site into site/', () =>
    run(join(website, 'node_modules', '.bin', 'vitepress'), ['build', website]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    await setup();
    await build();
    await buildSite();
    console.log(
      'The site is in site/: serve it with any server of files, such as `npx vite preview --outDir site`.',
    );
  });
}
