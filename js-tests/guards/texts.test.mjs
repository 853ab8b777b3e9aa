/** The texts of errors: those of the package's TypeScript by the rules that `src/error/tests.rs` has for the core, and `error.help`. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AispError, ApiError, createClient } from '@oakford/aisp';
import ts from 'typescript';
import { rejection } from '../support/rejection.mjs';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'pkg-template', 'src');
const UNWANTED = /\b(told|whoever|anew|somebody|illegal|please|expected one)\b/i;

/** The texts of a source, `{}` for what is filled in; with the call that each is an argument of. */
function textsOf(name) {
  const file = ts.createSourceFile(
    name,
    readFileSync(join(folder, name), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = [];
  const visit = (node) => {
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('{}')
        : undefined;
    const { parent } = node;
    const called = parent && (ts.isCallExpression(parent) || ts.isNewExpression(parent)) ? parent : undefined;
    if (text !== undefined)
      found.push({ name, text, of: called?.expression.getText(), at: called?.arguments.indexOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const sources = readdirSync(folder, { recursive: true }).filter((name) => /\.ts$/.test(name));
const texts = sources.filter((name) => name !== join('generated', 'version.ts')).flatMap(textsOf);

/** What is wrong with a text; undefined if nothing. */
function fault(text) {
  const outside = text.split('`').filter((_, index) => index % 2 === 0);
  const name = outside.join(' ').match(/(?<!['\w.])[a-z]+(?:[A-Z]|_[a-z])\w*/)?.[0];
  if (name && name !== 'iOS') return `${name} is not in backticks`;
  if (UNWANTED.test(text)) return `it says ${UNWANTED.exec(text)[0]}`;
  if (text.split('. ').length > 2) return 'it has more than two sentences';
}

test('error texts: keep to the rules in each source of the package', () => {
  const sentences = texts.filter(({ text }) => /^[A-Z`].* .*[.}]$/s.test(text) && text.split(' ').length > 3);
  const faults = sentences.map(({ name, text }) => [name, fault(text), text]).filter(([, wrong]) => wrong);
  assert.deepEqual(faults, []);
  assert.ok(sentences.length > 30, String(sentences.length));
});

test('error texts: an option is named by its path, what it must be and what was found', () => {
  const options = texts.filter(({ of }) => of === 'configurationError');
  const faults = options.filter(({ text, at }) => {
    if (at === 0) return !/^[\w.{}[\]]+$/.test(text);
    return /^(?:expected|must|found|got) |\.$/.test(text) || fault(text) !== undefined;
  });
  assert.deepEqual(faults, []);
  assert.ok(options.length > 40, String(options.length));
});

test('error texts: an Error of the package is a sentence', () => {
  const errors = texts.filter(({ of, at }) => /^(?:Type|Range)?Error$/.test(of ?? '') && at === 0);
  const faults = errors.filter(({ text }) => !/[.}]$/.test(text) || fault(text));
  assert.deepEqual(faults, []);
  assert.ok(errors.length > 5, String(errors.length));
});

test('error.help: names the place in the documentation that explains the code', async () => {
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
  const anchors = new Set(Array.from(page.matchAll(/<a id="(\w+)"><\/a>/g), ([, id]) => id));
  const codes = readFileSync(join(folder, 'generated', 'codes.ts'), 'utf8').matchAll(/\| '(\w+)'/g);
  const all = [...Array.from(codes, ([, code]) => code), 'http_502'];
  assert.ok(all.length > 60, String(all.length));
  for (const code of all) {
    const [path, anchor] = new AispError({ class: 'AispError', code, message: '' }).help.split('#');
    assert.equal(path, 'docs/errors.md');
    assert.ok(anchors.has(anchor), anchor);
  }
  const { help } = await rejection(createClient({ environment: 'nowhere' }));
  assert.equal(help, 'docs/errors.md#invalid_option');
});

test('error.help: is no part of the error as JSON, because the code says it', () => {
  const error = new ApiError({ class: 'ApiError', code: 'consent_expired', message: 'x' });
  assert.equal(error.help, 'docs/errors.md#consent_expired');
  assert.ok(!JSON.stringify(error).includes('help'));
});
