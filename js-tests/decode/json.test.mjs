// On any body the decoder agrees with JSON.parse and the model, or says why not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode, Message } from './load.mjs';

const root = new URL('../../', import.meta.url);
const { models } = JSON.parse(
  execFileSync('cargo', ['run', '-q', '--bin', 'generate', '--', '--json'], { cwd: root, encoding: 'utf8' }),
);
const OPTIONS = { numRuns: Number(process.env.RUNS ?? 1500) };
const camel = (wire) => wire.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** Text of any units, lone surrogates too, written as JSON in one of many ways. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', 'Café', 'Ζορμπάς', '\ud800', '"\\'),
);
const written = fc
  .tuple(text, fc.boolean())
  .map(([value, escaped]) =>
    escaped
      ? `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(value),
  );

/** Values that fit a kind of field. */
function fitting({ kind, of }, depth) {
  switch (kind) {
    case 'decimal':
      return fc
        .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(999))
        .map(([a, b]) => `"${a}.${b}"`);
    case 'currency':
      return fc.constantFrom('"EUR"', '"USD"');
    case 'date':
      return fc.constantFrom('"2024-02-29"', '"2023-12-31"');
    case 'instant':
      return fc.constant('"2024-01-15T10:30:00Z"');
    case 'flag':
      return fc.constantFrom('true', 'false');
    case 'texts':
      return fc.array(written, { maxLength: 3 }).map((all) => `[${all.join(' , ')}]`);
    case 'model':
      return object(of, depth + 1);
    case 'models':
      return fc.array(object(of, depth + 1), { maxLength: 3 }).map((all) => `[${all.join(',')}]`);
    default:
      return written;
  }
}

/** Objects of a model, as JSON: fields in any order, some absent or null, some unknown. */
function object(name, depth = 0) {
  const members = models[name].map((field) => {
    const value = fitting(field, depth).map((json) => [field.wire, json]);
    return field.required
      ? value.map((one) => [one])
      : fc.oneof(
          value.map((one) => [one]),
          fc.constant([]),
          fc.constant([[field.wire, 'null']]),
        );
  });
  const unknown = fc.array(
    fc.tuple(fc.constantFrom('new_field', '__proto__', 'κλειδί', 'a"b'), fc.json({ depthSize: 'small' })),
    { maxLength: 2 },
  );
  return fc
    .tuple(fc.tuple(...members), unknown, fc.nat(), fc.constantFrom('', ' ', '\n\t'))
    .map(([known, others, turn, space]) => {
      const all = [...known.flat(), ...others];
      const start = all.length ? turn % all.length : 0;
      const json = [...all.slice(start), ...all.slice(0, start)].map(
        ([wire, value]) => `${space}${JSON.stringify(wire)}${space}:${space}${value}`,
      );
      return `{${json.join(`${space},`)}${space}}`;
    });
}

/** What an object has to become, by way of JSON.parse. */
function expected(name, parsed) {
  const made = {};
  const extra = {};
  for (const [wire, value] of Object.entries(parsed)) {
    const field = models[name].find((one) => one.wire === wire);
    if (!field)
      Object.defineProperty(extra, wire, {
        value: kept(value),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else if (value !== null) made[camel(wire)] = fieldValue(field, value);
  }
  for (const field of models[name]) {
    if (field.kind === 'texts' || field.kind === 'models') made[camel(field.wire)] ??= [];
    else made[camel(field.wire)] ??= undefined;
  }
  if (name !== 'Amount') made.extra = extra;
  return made;
}

function fieldValue({ kind, of }, value) {
  if (kind === 'model') return expected(of, value);
  if (kind === 'models') return value.map((one) => expected(of, one));
  return value;
}

/** Numbers of many digits become text; the generator makes few, and their text is not known here. */
function kept(value) {
  if (typeof value === 'number') return 'a number';
  if (Array.isArray(value)) return value.map(kept);
  if (value === null || typeof value !== 'object') return value;
  const made = {};
  for (const [name, inner] of Object.entries(value))
    Object.defineProperty(made, name, { value: kept(inner), enumerable: true });
  return made;
}

/** The same for what was decoded: numbers, and texts of numbers. */
function withoutNumbers(value, parsed) {
  if (typeof parsed === 'number') {
    assert.equal(Number(value), parsed);
    return 'a number';
  }
  if (parsed === null || typeof parsed !== 'object') return value;
  if (Array.isArray(parsed)) return parsed.map((inner, i) => withoutNumbers(value[i], inner));
  const made = {};
  for (const [name, inner] of Object.entries(parsed)) {
    const own = Object.getOwnPropertyDescriptor(value, name);
    Object.defineProperty(made, name, { value: withoutNumbers(own?.value, inner), enumerable: true });
  }
  return made;
}

const unknownOf = (name, parsed) =>
  Object.fromEntries(
    Object.entries(parsed).filter(([wire]) => !models[name].some((field) => field.wire === wire)),
  );

for (const [message, name] of [
  [Message.account, 'Account'],
  [Message.transactionList, 'Transaction'],
  [Message.balances, 'Balance'],
]) {
  test(`${name}: what the contract allows is read as JSON.parse reads it`, () => {
    fc.assert(
      fc.property(fc.array(object(name), { minLength: 1, maxLength: 4 }), (all) => {
        const rows = message === Message.account ? all.slice(0, 1) : all;
        const list = message === Message.balances ? 'balances' : 'transactions';
        const body =
          message === Message.account ? rows[0] : `{"account_id":"a","${list}":[${rows.join(',')}]}`;
        const made = [decode(message, new TextEncoder().encode(body))].flat();
        assert.equal(made.length, rows.length);
        const wellFormed = new TextDecoder().decode(new TextEncoder().encode(`[${rows.join(',')}]`));
        JSON.parse(wellFormed).forEach((parsed, i) => {
          const { key, extra, ...rest } = made[i];
          const want = expected(name, parsed);
          const { extra: wantedExtra, ...wanted } = want;
          assert.equal(typeof key, name === 'Transaction' ? 'string' : 'undefined');
          assert.deepEqual(withoutInnerNumbers(rest), withoutInnerNumbers(wanted));
          assert.deepEqual(
            withoutNumbers(extraWithoutAmounts(extra, name), unknownOf(name, parsed)),
            wantedExtra,
          );
        });
      }),
      OPTIONS,
    );
  });
}

/** Extra of nested objects is compared by names only, as its numbers may be text. */
function withoutInnerNumbers(value) {
  if (Array.isArray(value)) return value.map(withoutInnerNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'extra'
        ? Object.keys(inner)
            .filter((key) => !key.endsWith('_amount'))
            .sort()
        : withoutInnerNumbers(inner),
    ]),
  );
}

/** Without what amounts handed on. */
function extraWithoutAmounts(extra, name) {
  const amounts = new Set(models[name].filter((field) => field.of === 'Amount').map((field) => field.wire));
  const made = {};
  for (const key of Object.keys(extra)) {
    if (!amounts.has(key))
      Object.defineProperty(made, key, {
        value: Object.getOwnPropertyDescriptor(extra, key).value,
        enumerable: true,
      });
  }
  return made;
}

test('what is no JSON is refused, and what is refused as no JSON is none', () => {
  const list = object('Transaction').map((row) =>
    new TextEncoder().encode(`{"account_id":"a","transactions":[${row}]}`),
  );
  const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(list, fc.array(damage, { minLength: 1, maxLength: 3 }), (body, damages) => {
      for (const [place, byte] of damages) body[place % body.length] = byte;
      let isJson = true;
      try {
        JSON.parse(new TextDecoder().decode(body));
      } catch {
        isJson = false;
      }
      let error = '';
      try {
        decode(Message.transactionList, body);
      } catch (thrown) {
        error = thrown;
      }
      if (isJson) assert.doesNotMatch(error, /not JSON/);
      else assert.notEqual(error, '');
    }),
    OPTIONS,
  );
});
