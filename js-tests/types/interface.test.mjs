/** The public types keep their promises, to the compiler and to the editor. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const OPTIONS = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

test('the types of the public interface are what interface.ts says', () => {
  const program = ts.createProgram([join(import.meta.dirname, 'interface.ts')], OPTIONS);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  assert.equal(
    ts.formatDiagnostics(diagnostics, { ...ts.createCompilerHost(OPTIONS), getNewLine: () => '\n' }),
    '',
  );
});

for (const [name, text, words] of [
  ['an open enum', `(row: Transaction) => row.status === '§'`, ['booked', 'pending', 'scheduled']],
  [
    'a code of an option',
    `({ clientAuth: { method: '§' } }) satisfies Partial<Fapi2Options>`,
    ['tls_client_auth'],
  ],
  ['a query', `({ status: '§' }) satisfies TransactionsQuery`, ['booked', 'pending', 'all']],
]) {
  test(`an editor offers the known words of ${name}`, () => {
    const path = join(import.meta.dirname, 'completion.ts');
    const [before, after] = text.split('§');
    const head = `import type { Fapi2Options, Transaction, TransactionsQuery } from '@oakford/aisp';\n`;
    const service = ts.createLanguageService(hostOf(path, head + before + after));
    const offered = service.getCompletionsAtPosition(path, (head + before).length, {})?.entries ?? [];
    const names = offered.map((entry) => entry.name);
    for (const word of words) assert.ok(names.includes(word), `${word} among ${names}`);
  });
}

/** The editor's view: one file that is open, everything else from the disk. */
function hostOf(path, text) {
  const read = (file) => (file === path ? text : ts.sys.readFile(file));
  return {
    readFile: read,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    fileExists: (file) => file === path || ts.sys.fileExists(file),
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [path],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const found = read(file);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => import.meta.dirname,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  };
}
