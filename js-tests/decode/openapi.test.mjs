// The decoder's tables and openapi.yaml say the same, field by field.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const file = new URL('openapi.yaml', root);
const tables = JSON.parse(
  execFileSync('cargo', ['run', '-q', '--bin', 'generate', '--', '--json'], { cwd: root, encoding: 'utf8' }),
);

test('the contract is written down', () => assert.ok(existsSync(file)));

const schemas = existsSync(file) ? parse(readFileSync(file, 'utf8')).components.schemas : {};

/** What a schema says of a value, without `null`: the name it refers to, or its type. */
function meaning(schema) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return meaning(alternatives.find((one) => one.type !== 'null'));
  if (schema.$ref) return schema.$ref.split('/').pop();
  const type = [schema.type].flat().filter((one) => one !== 'null')[0];
  return type === 'array' ? `[${meaning(schema.items)}]` : type;
}

/** What the tables say of a field, in the same words. */
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

for (const [name, fields] of Object.entries(tables.models)) {
  test(`${name} has the same fields in the tables and in openapi.yaml`, () => {
    const schema = schemas[name];
    assert.ok(schema, `openapi.yaml has no ${name}`);
    assert.deepEqual(Object.keys(schema.properties).sort(), fields.map((field) => field.wire).sort());
    assert.deepEqual(
      [...(schema.required ?? [])].sort(),
      fields
        .filter((field) => field.required)
        .map((field) => field.wire)
        .sort(),
    );
    for (const field of fields) {
      assert.equal(meaning(schema.properties[field.wire]), expected(field), `${name}.${field.wire}`);
    }
  });
}

for (const [name, values] of Object.entries(tables.enums)) {
  test(`${name} knows the same words in the tables and in openapi.yaml`, () => {
    assert.deepEqual(schemas[name]?.['x-extensible-enum'], values);
  });
}

test('every schema of the data is in the tables', () => {
  const objects = Object.entries(schemas).filter(
    ([, schema]) => schema.type === 'object' && schema.properties,
  );
  const others = objects.map(([name]) => name).filter((name) => !tables.models[name]);
  // What is read elsewhere.
  for (const name of others)
    assert.match(name, /Error|Token|Metadata|Jwk|Key|Par|Userinfo|Link|Problem/i, name);
});
