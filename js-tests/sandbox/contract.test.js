// Every kind of answer of the sandbox against openapi.yaml, and the document against its own rules.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { startSandbox } from '../support/sandbox.mjs';
import { connect, get, sandboxFor } from './plain-client.js';

const text = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8');
const document = parse(text);
const ajv = new Ajv.default({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

/** Fails unless a value is what the schema of that name says. */
function conforms(schema, value, what = schema) {
  const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`);
  assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}`);
}

/** The schema that the document gives for an answer. */
function declared(path, status) {
  const { responses } = document.paths[path].get;
  let response = responses[status];
  if (response?.$ref) response = document.components.responses[response.$ref.split('/').at(-1)];
  assert.ok(response, `${status} of ${path} is not described`);
  return response.content['application/json'].schema.$ref.split('/').at(-1);
}

describe('openapi.yaml', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(document.openapi, '3.1.0');
  });

  it('describes every field of every schema', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      assert.ok(schema.description, name);
      for (const [field, { description }] of Object.entries(schema.properties ?? {})) {
        assert.ok(description, `${name}.${field}`);
      }
    }
  });

  it('gives examples that conform', () => {
    const { examples, responses } = document.components;
    conforms('AccountList', examples.accounts.value);
    conforms('Account', examples.account.value);
    conforms('BalanceList', examples.balances.value);
    conforms('TransactionList', examples.transactions.value);
    conforms('TransactionList', examples.emptyPage.value);
    for (const { content } of Object.values(responses)) {
      for (const [code, { value }] of Object.entries(content['application/json'].examples)) {
        conforms('Error', value, code);
        assert.equal(value.error, code);
      }
    }
  });
});

describe('the sandbox’s answers', () => {
  let sandbox;
  const tokens = {};
  before(async () => {
    sandbox = await startSandbox({ rateLimit: false, accessTokenTtl: 86_400 });
    for (const { username } of sandbox.users) {
      tokens[username] = (await connect(sandbox, { customer: { user: username } })).access_token;
    }
  });
  after(() => sandbox.close());

  const conformsAt = async (path, query, token, expected, options) => {
    const { status, body, headers } = await get(sandbox, query, token, options);
    assert.equal(status, expected, `${query}: ${JSON.stringify(body).slice(0, 200)}`);
    conforms(declared(path, status), body, query);
    assert.ok(headers.get('x-request-id'));
    return body;
  };

  it('conform for every account, with and without balances', async () => {
    for (const { username, accountIds } of sandbox.users) {
      await conformsAt('/accounts', '/accounts', tokens[username], 200);
      await conformsAt('/accounts', '/accounts?with_balances=true&limit=1', tokens[username], 200);
      for (const id of accountIds) {
        await conformsAt(
          '/accounts/{account_id}',
          `/accounts/${id}?with_balances=true`,
          tokens[username],
          200,
        );
        await conformsAt(
          '/accounts/{account_id}/balances',
          `/accounts/${id}/balances`,
          tokens[username],
          200,
        );
      }
    }
  });

  it('conform for every page of every account', async () => {
    for (const { username, accountIds } of sandbox.users) {
      for (const id of accountIds) {
        let cursor = '';
        do {
          const query = `/accounts/${id}/transactions?limit=500${cursor}`;
          const body = await conformsAt('/accounts/{account_id}/transactions', query, tokens[username], 200);
          cursor = body.next_cursor && `&cursor=${body.next_cursor}`;
        } while (cursor);
      }
    }
  });

  it('name no field that the document does not know', async () => {
    const known = (name) => new Set(Object.keys(document.components.schemas[name].properties));
    const unknown = [];
    const check = (name, value) => {
      for (const field of Object.keys(value)) if (!known(name).has(field)) unknown.push(`${name}.${field}`);
    };
    for (const { username, accountIds } of sandbox.users) {
      const { body } = await get(sandbox, '/accounts?with_balances=true', tokens[username]);
      for (const account of body.accounts) {
        check('Account', account);
        for (const balance of account.balances) check('Balance', balance);
        for (const { credit_lines: lines = [] } of account.balances)
          for (const line of lines) check('CreditLine', line);
      }
      for (const id of accountIds) {
        const page = await get(sandbox, `/accounts/${id}/transactions?limit=500`, tokens[username]);
        for (const row of page.body.transactions) check('Transaction', row);
      }
    }
    assert.deepEqual([...new Set(unknown)], []);
  });

  it('conform for every error', async () => {
    const path = '/accounts/{account_id}/transactions';
    const url = '/accounts/acc_anna_current/transactions';
    await conformsAt(path, `${url}?limit=0`, tokens.anna, 400);
    await conformsAt(path, `${url}?cursor=x`, tokens.anna, 400);
    await conformsAt(path, `${url}?date_from=2025-02-02&date_to=2025-02-01`, tokens.anna, 400);
    await conformsAt(path, url, undefined, 401);
    await conformsAt(path, url, 'wrong', 401);
    await conformsAt(path, '/accounts/nope/transactions', tokens.anna, 404);
    const { access_token } = await connect(sandbox, { parameters: { scope: 'openid' } });
    await conformsAt(path, url, access_token, 403);
    for (const status of [429, 500, 502, 503, 504]) {
      sandbox.faults.add({ fault: 'status', status });
      await conformsAt(path, url, tokens.anna, status);
    }
    sandbox.faults.add({ fault: 'rate_limited' });
    await conformsAt(path, url, tokens.anna, 429);
    sandbox.consents.setExpiry('2020-01-01T00:00:00Z');
    await conformsAt(path, url, tokens.anna, 403);
    sandbox.consents.revoke();
    await conformsAt(path, url, tokens.anna, 403);
  });
});

describe('a rate-limited answer', () => {
  it('conforms', async (t) => {
    const sandbox = await sandboxFor(t, { rateLimit: [{ limit: 1, seconds: 60 }] });
    const { access_token } = await connect(sandbox);
    await get(sandbox, '/accounts', access_token);
    const { status, body } = await get(sandbox, '/accounts', access_token);
    assert.equal(status, 429);
    conforms(declared('/accounts', 429), body);
  });
});
