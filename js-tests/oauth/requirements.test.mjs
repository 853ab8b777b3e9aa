/** Rules of docs/security.md and docs/refresh.md: each is kept by code and shown by tests that name it, and no other name is cited. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const paths = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path);

/** The rules of a document: `| rule | duty | source | kept in | tests |`. */
function rulesOf(document) {
  const rows = read(document).matchAll(/^\| (?:<a id="\S+"><\/a>)?`([a-z0-9-]+)` \|(.*)\|$/gm);
  return [...rows]
    .map(([, name, rest]) => [name, rest.split(' | ').map((cell) => cell.trim())])
    .filter(([, cells]) => cells.length === 4)
    .map(([name, [duty, source, kept, tests]]) => ({ document, name, duty, source, kept, tests }));
}

const rules = ['docs/security.md', 'docs/refresh.md'].flatMap(rulesOf);
const anchors = new Set(rules.map(({ document, name }) => `${document}#${name}`));

/** What people write in the project: sources, tests, examples and scripts. */
const texts = ['src', 'pkg-template/src', 'js-tests', 'examples', 'sandbox', 'benches', 'scripts', 'fuzz']
  .flatMap((folder) => files(folder))
  .map((path) => [path, read(path)]);

function files(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(node_modules|generated|target|build|corpus|\..*)$/.test(entry.name) ? [] : files(path);
    return ['.rs', '.ts', '.js', '.mjs', '.cjs', '.cts'].includes(extname(entry.name)) ? [path] : [];
  });
}

test('rules: each has one row with a source and an anchor when docs name it', () => {
  assert.ok(rules.length > 0);
  assert.equal(anchors.size, rules.length, 'a rule has two rows');
  for (const { document, name, duty, source } of rules) {
    assert.ok(duty !== '' && source !== '', name);
    assert.equal(read(document).split(`<a id="${name}"></a>`).length, 2, `the anchor of ${name}`);
  }
});

test('rules: the code that keeps a rule cites it', () => {
  for (const { document, name, kept } of rules) {
    if (kept === 'nothing does it') continue;
    for (const path of paths(kept)) {
      assert.match(read(path), new RegExp(`${document}#${name}\\b(?!-)`), `${name} in ${path}`);
    }
  }
});

test('rules: every test that a row names is there', () => {
  for (const { name, tests } of rules) {
    assert.notEqual(paths(tests).length, 0, `${name} has no test`);
    for (const path of paths(tests)) {
      const named = path.endsWith('.rs')
        ? new RegExp(`/// Rules?: .*\`${name}\``)
        : new RegExp(`['"\`, ]${name}[:,] `);
      assert.match(read(path), named, `${name} in ${path}`);
    }
  }
});

test('rules: whatever is cited has a row', () => {
  const names = new Set(rules.map(({ name }) => name));
  for (const [path, text] of texts) {
    for (const [anchor] of text.matchAll(/docs\/(?:security|refresh)\.md#[a-z0-9-]+/g)) {
      assert.ok(anchors.has(anchor), `${path} cites ${anchor}`);
    }
    for (const [, cited] of text.matchAll(/^\s*\/\/\/ Rules?: (.*)\.$/gm)) {
      for (const name of paths(cited)) assert.ok(names.has(name), `${path} cites ${name}`);
    }
  }
});

/** A letter and a number where a comment, a test's name or a Rust test would cite a rule. */
const LETTERS = [
  /(?:^|\s)(?:\/\/[/!]?|\*) .*?(?<![%\w])([RFBIDWO]\d{1,2})\b/gm,
  /\b(?:test|it|describe)\(['"`](?:\$\{\w+\}:? )?([rfbidwo]\d{1,2})[:, ]/gim,
  /\bfn ([rfbidwo]\d{1,2})_/g,
];
/** Cloudflare's database looks like one. */
const NAMES = new Set(['D1']);

test('rules: none is cited by a letter and a number', () => {
  const documents = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  for (const name of documents) {
    const letters = read(`docs/${name}`).match(/(?<![%\w])[RFBIDWO]\d{1,2}\b/g) ?? [];
    assert.deepEqual(
      letters.filter((letter) => !NAMES.has(letter)),
      [],
      `docs/${name}`,
    );
  }
  for (const [path, text] of texts) {
    for (const pattern of LETTERS) {
      for (const [line, letter] of text.matchAll(pattern)) {
        assert.ok(NAMES.has(letter), `${path}: ${line.trim()}`);
      }
    }
  }
});
