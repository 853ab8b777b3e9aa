/** Links between documents lead somewhere, anchors too; and no page is too long to read. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { addresses } from '../../website/.vitepress/pages.mjs';
import { documents, root } from './blocks.mjs';

const all = [...documents, 'CHANGELOG.md', 'SECURITY.md', 'examples/browser/README.md'];
const read = (path) => readFileSync(join(root, path), 'utf8');
const withoutFences = (text) => text.replace(/^```[\s\S]*?^```$/gm, '');

/** The anchors of a document, as GitHub and the site make them of its headings. */
function anchorsOf(path) {
  const text = withoutFences(read(path));
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
  const ids = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
  return new Set([...headings, ...ids]);
}

for (const path of all) {
  test(`${path}: its links lead to what is there`, () => {
    const links = withoutFences(read(path)).matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g);
    for (const [, inMarkdown, inHtml] of links) {
      const link = inMarkdown ?? inHtml;
      if (/^[a-z]+:/i.test(link)) continue;
      const [target, anchor] = link.split('#');
      const file = target === '' ? path : join(dirname(path), target);
      assert.ok(existsSync(join(root, file)), link);
      if (anchor === undefined || statSync(join(root, file)).isDirectory()) continue;
      assert.ok(anchorsOf(file).has(anchor), link);
    }
  });
}

test('docs: each page is under 300 lines', () => {
  for (const path of all) {
    const lines = read(path).split('\n').length;
    assert.ok(lines < 300, `${path} has ${lines} lines`);
  }
});

/** Words that a reader has to solve; the glossary of docs/glossary.md has the terms. */
const PUZZLES = /\b(?:told|whoever|anew|sees to|see to it)\b/i;

test('docs: no page has a word that a reader has to solve', () => {
  for (const path of all) {
    for (const [number, line] of read(path).split('\n').entries()) {
      assert.doesNotMatch(line, PUZZLES, `${path}:${number + 1}`);
    }
  }
});

test('docs: each guide has its place on the site', () => {
  for (const path of documents.filter((path) => path.startsWith('docs/'))) {
    assert.ok(addresses.has(path), `${path} is missing in website/.vitepress/pages.mjs`);
  }
});

test('CHANGELOG: the sections of a version are those of Keep a Changelog, each once', () => {
  for (const version of read('CHANGELOG.md').split(/^## /m).slice(1)) {
    const sections = [...version.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    assert.deepEqual(
      sections,
      known.filter((name) => sections.includes(name)),
    );
  }
});
