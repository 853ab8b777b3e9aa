// The decoder's tables and openapi.yaml say the same, field by field.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const tables = JSON.parse(
  execFileSync('cargo', ['run', '-q', '--bin', 'generate', '--', '--json'], { cwd: root, encoding: 'utf8' }),
);
const { schemas, responses } = parse(readFileSync(new URL('openapi.yaml', root), 'utf8')).components;

/** Texts of a form, as fields refer to them. */
const FORMS = {
  Decimal: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
  Currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  Date: { type: 'string', format: 'date' },
  Instant: { type: 'string', format: 'date-time' },
};

/** Returns what a schema demands of a value, without `null`: the name it refers to, or its type. */
function meaning(schema) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return meaning(alternatives.find((one) => one.type !== 'null'));
  if (schema.$ref) return schema.$ref.split('/').pop();
  const type = [schema.type].flat().filter((one) => one !== 'null')[0];
  return type === 'array' ? `[${meaning(schema.items)}]` : type;
}

/** Returns whether a schema allows `null`. */
function allowsNull({ type, anyOf = [] }) {
  return [type].flat().includes('null') || anyOf.some((one) => one.type === 'null');
}

/** Returns what the tables demand of a field, in the same words. */
function expected({ kind, of }) {
  switch (kind) {
    case 'text':
    case 'code':
    case 'id':
      return 'string';
    case 'decimal':
      return 'Decimal';
    case 'currency':
      return 'Currency';
    case 'date':
      return 'Date';
    case 'instant':
      return 'Instant';
    case 'flag':
      return 'boolean';
    case 'texts':
      return '[string]';
    case 'models':
      return `[${of}]`;
    default:
      return of;
  }
}

test('openapi: each schema is one that this file compares', () => {
  const compared = [tables.models, tables.enums, FORMS].flatMap(Object.keys);
  assert.deepEqual(Object.keys(schemas).sort(), [...compared, 'Error', 'ErrorCode'].sort());
});

for (const [name, fields] of Object.entries(tables.models)) {
  test(`openapi: ${name} has the fields of the decoder's table`, () => {
    const { type, properties, required = [], additionalProperties } = schemas[name];
    assert.deepEqual([type, additionalProperties], ['object', true]);
    const wireNames = (list) => list.map(({ wire }) => wire).sort();
    assert.deepEqual(Object.keys(properties).sort(), wireNames(fields));
    assert.deepEqual([...required].sort(), wireNames(fields.filter((field) => field.required)));
    for (const field of fields) {
      const property = properties[field.wire];
      assert.equal(meaning(property), expected(field), `${name}.${field.wire}`);
      if (!field.required) assert.ok(allowsNull(property), `${name}.${field.wire} may be null`);
    }
  });
}

for (const [name, values] of Object.entries(tables.enums)) {
  test(`openapi: ${name} has the words of the decoder's table`, () => {
    const { description, ...rest } = schemas[name];
    assert.deepEqual(rest, { type: 'string', minLength: 1, 'x-extensible-enum': values });
  });
}

for (const [name, form] of Object.entries(FORMS)) {
  test(`openapi: ${name} has its form`, () => {
    const { description, examples, ...rest } = schemas[name];
    assert.deepEqual(rest, form);
  });
}

test('openapi: Error has the fields that errors of the SDK carry', () => {
  const { type, properties, required, additionalProperties } = schemas.Error;
  assert.deepEqual([type, additionalProperties, required], ['object', true, ['error']]);
  assert.deepEqual(
    Object.entries(properties).map(([name, property]) => [name, meaning(property), allowsNull(property)]),
    [
      ['error', 'ErrorCode', false],
      ['error_description', 'string', true],
      ['timestamp', 'Instant', true],
      ['error_uri', 'string', true],
      ['request_id', 'string', true],
    ],
  );
});

test('openapi: ErrorCode lists the codes of the examples, and those of paths and methods that are not described', () => {
  const { description, 'x-extensible-enum': codes, ...rest } = schemas.ErrorCode;
  assert.deepEqual(rest, { type: 'string', minLength: 1 });
  const examples = Object.values(responses).flatMap(({ content }) =>
    Object.keys(content['application/json'].examples),
  );
  assert.deepEqual([...codes].sort(), [...new Set(examples), 'method_not_allowed', 'not_found'].sort());
});
