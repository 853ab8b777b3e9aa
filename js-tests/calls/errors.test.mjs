/** docs/errors.md and the package's types list the same codes by class; each class is exported, and no other place of the sources has a code. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as entry from '@oakford/aisp';

const sdk = { ...entry };
const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..');

/** By hand: `instanceof` asks for the brand of an error that was made. */
const isError = (name) =>
  Object.prototype.isPrototypeOf.call(sdk.AispError.prototype, Object(sdk[name]).prototype);

/** The rows of the tables above and below the heading of the servers' codes. */
function listed() {
  const [own, servers] = readFileSync(join(root, 'docs', 'errors.md'), 'utf8').split(
    '## Codes of the servers',
  );
  const rows = (text) =>
    [...text.matchAll(/^\| <a id="\w+"><\/a>`(\w+)` \| (\w+) \| (.+) \| (.+) \|$/gm)].map(
      ([, code, type, cause, cure]) => ({
        code,
        type,
        cause,
        cure,
      }),
    );
  return { own: rows(own), servers: rows(servers) };
}

/** The codes of each class, as the package's types have them. */
function typed() {
  const folder = join(root, 'pkg');
  const declarations = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const [body] = declarations
    .map((text) => /interface ErrorCodes \{([^}]*)\}/.exec(text)?.[1])
    .filter((text) => text !== undefined);
  const classes = [...body.matchAll(/(\w+): ([^;]*);/g)];
  return Object.fromEntries(
    classes.map(([, name, codes]) => [name, [...codes.matchAll(/['"](\w+)['"]/g)].map((match) => match[1])]),
  );
}

/** What the core says of certain codes of the servers. */
function explained() {
  const [api] = readFileSync(join(root, 'src', 'aisp', 'error.rs'), 'utf8').split('#[cfg(test)]');
  const [callback] = readFileSync(join(root, 'src', 'oauth', 'callback.rs'), 'utf8').split('#[cfg(test)]');
  const denied = callback.slice(callback.indexOf('fn denied'), callback.indexOf('struct Parameters'));
  return [
    ...[...api.matchAll(/\("(\w+)", _\) =>/g)].map((m) => m[1]),
    ...[...denied.matchAll(/"([a-z]+_[a-z]+)"(?= \||\s+=>)/g)].map((m) => m[1]),
  ];
}

test('errors: the types have the codes of docs/errors.md, each below its class', () => {
  const { own, servers } = listed();
  const all = [...own, ...servers];
  const documented = (name) => all.filter(({ type }) => type === name).map(({ code }) => code);
  const classes = [...new Set(all.map(({ type }) => type))];
  assert.deepEqual(typed(), Object.fromEntries(classes.map((name) => [name, documented(name)])));
});

test('errors: the TypeScript sources take each code from the table', () => {
  const folder = join(root, 'pkg-template', 'src');
  const files = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('.ts') && !name.includes('generated'),
  );
  assert.ok(files.includes('runtime.ts'));
  for (const name of files) {
    const [literal] =
      /\b(?:code: '\w+'|class: '\w+Error')/.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
    assert.equal(literal, undefined, name);
  }
});

test('the codes of the servers that the core explains are among those that are listed', () => {
  const codes = listed().servers.map(({ code }) => code);
  assert.ok(explained().length > 8);
  for (const code of explained()) assert.ok(codes.includes(code), code);
});

test('each is listed once, with an exported class, a cause and a cure', () => {
  const { own, servers } = listed();
  const all = [...own, ...servers];
  assert.ok(own.length > 50 && servers.length > 15);
  assert.equal(new Set(all.map(({ code }) => code)).size, all.length);
  for (const { code, type, cause, cure } of all) {
    assert.ok(isError(type), `${code}: ${type}`);
    assert.ok(cause.length > 5 && cure.length > 5, code);
  }
});

test('each class has its listed codes only', () => {
  const used = new Set(listed().own.map(({ type }) => type));
  const exported = Object.keys(sdk).filter((name) => isError(name));
  // What a server says has codes of its own.
  for (const name of exported) assert.ok(used.has(name) || ['ApiError', 'ConsentError'].includes(name), name);
});
