/** Every block of JavaScript and TypeScript in the documentation compiles, strictly, against the package as it is built. */
import assert from 'node:assert/strict';
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

const code = blocks.filter(({ language, mark }) => /^(js|ts|jsx|tsx)$/.test(language) && mark !== 'file');
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

for (const [path, { place }] of files) {
  test(`${place} compiles`, () => {
    const source = program.getSourceFile(path);
    const told = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const lines = told.map(({ start, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `line ${line + 1} of the block: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    assert.deepEqual(lines, []);
  });
}
