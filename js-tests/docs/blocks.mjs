/** The code blocks of the documentation, each with where it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Every document that shows code to a reader. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'pkg-template/README.md',
  'sandbox/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A fence, and before it perhaps a mark: `<!-- file: examples/… -->` or `<!-- save: app.js -->`. */
const FENCE = /(?:^<!-- (file|save): (\S+) -->\n+)?^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;

/** Examples that a reader copies are imported from where they are. */
const COPIED = [["'./spans.mjs'", `'${join(root, 'examples', 'opentelemetry', 'spans.mjs')}'`]];

/** All blocks; `place` is a path and line that an editor opens. */
export const blocks = documents.flatMap((document) => {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(FENCE)].map(({ index, 0: whole, 1: mark, 2: path, 3: language, 4: shown }) => {
    const code = COPIED.reduce((text, [from, to]) => text.replace(from, to), shown);
    const line = text.slice(0, index + whole.indexOf('```')).split('\n').length;
    return { document, place: `${document}:${line}`, language, code, mark, path };
  });
});

/** Whether a block is a program of its own, which starts the sandbox that it needs. */
export const isProgram = ({ code }) => /\bstartSandbox\(/.test(code);

/** The files that a guide tells its reader to save, by their names; they speak to `sandbox`. */
export function saved(document, sandbox) {
  const files = blocks.filter((block) => block.document === document && block.mark === 'save');
  return new Map(
    files.map(({ path, code }) => [path, code.replaceAll('http://127.0.0.1:8787', sandbox.origin)]),
  );
}
