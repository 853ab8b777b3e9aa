/** The site that VitePress makes of the folder that `scripts/site.mjs` collects. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { sections } from './pages.mjs';

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'target', 'site-source');
const { version } = JSON.parse(readFileSync(join(root, 'pkg-template', 'package.json'), 'utf8'));

/** The first heading of a page, as text. */
const titleOf = (address) =>
  /^# (.+)$/m.exec(readFileSync(join(source, `${address}.md`), 'utf8'))[1].replaceAll('`', '');

const guides = sections.map(({ text, pages }) => ({
  text,
  items: Object.keys(pages).map((address) => ({
    text: titleOf(address),
    link: address === 'index' ? '/' : `/${address}`,
  })),
}));

/**
 * The reference's pages: one group for each entry of the package, and in it one for each kind. None can be folded, because VitePress
 * puts a button into the button that folds a group.
 */
function referenceOf(entry) {
  const folder = join(source, 'reference', entry);
  const kinds = ['functions', 'classes', 'interfaces', 'type-aliases', 'variables'].filter((kind) =>
    existsSync(join(folder, kind)),
  );
  const pagesOf = (kind) =>
    readdirSync(join(folder, kind)).map((file) => {
      const name = file.replace('.md', '');
      return { text: name, link: `/reference/${entry}/${kind}/${name}` };
    });
  return {
    text: entry,
    items: [
      { text: 'overview', link: `/reference/${entry}/` },
      ...kinds.map((kind) => ({ text: kind.replace('-', ' '), items: pagesOf(kind) })),
    ],
  };
}
const entries = ['', '/node', '/redis', '/testing'].map((path) => `@oakford/aisp${path}`);
const reference = [{ text: 'Guides', link: '/' }, ...entries.map(referenceOf)];
guides.at(-1).items.push({ text: 'API', link: '/reference/' });

export default defineConfig({
  title: 'Oakford AISP SDK',
  description: 'Connect bank accounts through Oakford’s account-information API (AISP, PSD2), and read them.',
  lang: 'en-GB',
  srcDir: '../target/site-source',
  outDir: '../site',
  cacheDir: '../target/site-cache',
  metaChunk: true,
  head: [['link', { rel: 'icon', href: '/icon.svg' }]],
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/quickstart-browser' },
      { text: 'Read', link: '/reading' },
      { text: 'Keep', link: '/stores' },
      { text: 'Go live', link: '/production' },
      { text: 'Look inside', link: '/architecture' },
      { text: `Reference ${version}`, link: '/reference/' },
    ],
    sidebar: { '/reference/': reference, '/': guides },
    outline: [2, 3],
    socialLinks: [],
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      // A table wider than its page scrolls, so that a keyboard has to reach it.
      md.renderer.rules.table_open = () => '<table tabindex="0">\n';
      // A cell without a text heads nothing.
      md.renderer.rules.th_open = (tokens, index) => (tokens[index + 1].content === '' ? '<td>' : '<th>');
      md.renderer.rules.th_close = (tokens, index) => (tokens[index - 1].content === '' ? '</td>' : '</th>');
    },
  },
});
