/** Every block of JavaScript and TypeScript in the documentation compiles, strictly, against the package as it is built. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { blocks, root } from './blocks.mjs';

const OPTIONS = {
  strict: true,
  // Blocks are JavaScript, which can't annotate parameters.
  noImplicitAny: false,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // What CommonJS packages of others declare is not ours.
  skipLibCheck: true,
  types: ['node'],
};

/** What stands among the fields and is none. */
const WORDS = ['replaced', 'sync', 'balances'];

const code = [
  ...blocks.filter(({ language, mark }) => /^(js|ts|jsx|tsx)$/.test(language) && mark !== 'file'),
  ...fieldsOfMigration().map((code) => ({ code, place: 'docs/migrating.md, a table,' })),
];
const files = new Map(
  code.map((block, index) => [join(root, 'js-tests', 'docs', `block-${index}.ts`), block]),
);

const host = ts.createCompilerHost(OPTIONS);
const { readFile, fileExists, getSourceFile } = host;
host.fileExists = (path) => files.has(path) || fileExists(path);
host.readFile = (path) => files.get(path)?.code ?? readFile(path);
host.getSourceFile = (path, ...rest) =>
  files.has(path)
    ? ts.createSourceFile(path, `${files.get(path).code}\nexport {};`, ts.ScriptTarget.ES2022)
    : getSourceFile(path, ...rest);
const program = ts.createProgram([...files.keys(), join(import.meta.dirname, 'prelude.d.ts')], OPTIONS, host);

/** The fields of ours that the tables for migration name, as code that reads them. */
function fieldsOfMigration() {
  const text = readFileSync(join(root, 'docs', 'migrating.md'), 'utf8');
  return ['Account', 'Balance', 'Transaction'].map((model) => {
    const [, section] = text.split(`### ${model}\n`);
    const rows = section
      .split(/\n#/)[0]
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const ours = rows.slice(2).map((row) => row.split('|').at(-2));
    const names = ours.flatMap((cell) => [...cell.matchAll(/`([a-z][\w.]*)`/gi)].map(([, name]) => name));
    const reads = names
      .filter((name) => !WORDS.includes(name))
      .map((name) => `row.${name.replaceAll('.', '!.')};`);
    return `declare const row: import('@oakford/aisp').${model};\n${reads.join('\n')}`;
  });
}

for (const [path, { place }] of files) {
  test(`${place} compiles`, () => {
    const source = program.getSourceFile(path);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    const lines = diagnostics.map(({ start, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `line ${line + 1} of the block: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    assert.deepEqual(lines, []);
  });
}
