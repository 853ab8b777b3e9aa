/** docs/errors.md lists every code that the source can make, and no other; each class is exported. */
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
    [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \| (.+) \|$/gm)].map(([, code, type, cause, cure]) => ({
      code,
      type,
      cause,
      cure,
    }));
  return { own: rows(own), servers: rows(servers) };
}

function filesOf(folder, end) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(end) && !name.includes('generated'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

/** Every code in the source: where an error is made, by its class or by one of the functions that make one. */
function made() {
  const places = [
    /Class::\w+,\s*"(\w+)"/g,
    /\b(?:refuse|refusal|unsupported|fail)\(\s*"(\w+)",/g,
    /\bcode = "(\w+)"/g,
    /\bof_server\([^"]+, "(\w+)"\)/g,
  ];
  const rust = filesOf('src', '.rs').map(
    (text) => text.split(/#\[cfg\(test\)\]\s*(?:pub(?:\(\w+\))? )?mod tests/)[0],
  );
  const codes = rust.flatMap((text) => places.flatMap((place) => [...text.matchAll(place)].map((m) => m[1])));
  // Some stand in a constant.
  const names = rust.flatMap((text) => [...text.matchAll(/Class::\w+,\s*([A-Z]+)\b/g)].map((m) => m[1]));
  const named = names.map((name) => new RegExp(`const ${name}: &str = "(\\w+)"`));
  codes.push(...named.flatMap((name) => rust.map((text) => name.exec(text)?.[1]).filter(Boolean)));
  const script = filesOf(join('pkg-template', 'src'), '.ts');
  const more = script.flatMap((text) => [...text.matchAll(/\bcode: '(\w+)'/g)].map((m) => m[1]));
  return new Set([...codes, ...more]);
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

test('every code in the source is in docs/errors.md, and every code there is in the source', () => {
  const { own, servers } = listed();
  const codes = own.map(({ code }) => code);
  // A code of the server's that the core uses too.
  const ours = [...made()].filter((code) => !servers.some((row) => row.code === code));
  assert.deepEqual(ours.sort(), codes.sort());
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
