/** One process with both copies of the package, imported and required: one wasm instance, one set of error classes, one kind of session. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as imported from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

const required = createRequire(import.meta.url)('@oakford/aisp');
const copies = { imported, required };
const sandbox = await sandboxForFile();

/** Every wasm module that is started from here on. */
const started = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, [module, imports]) {
    started.push(module);
    return new target(module, imports);
  },
});

function clientOf({ createClient }, options = {}) {
  const { clientId } = sandbox.clients.web;
  return createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId,
    redirectUri: REDIRECT_URI,
    ...options,
  });
}

/** A session of one copy, whose consent was begun with the other. */
async function connect(copy, other, options) {
  const { url, pending } = await (await clientOf(other, options)).beginAuthorization();
  const client = await clientOf(copy, options);
  return client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
}

test('the copies export the same names, and are two', () => {
  assert.deepEqual(Object.keys(required).sort(), Object.keys(imported).sort());
  assert.notEqual(required.createClient, imported.createClient);
});

test('both copies use one wasm instance, also when they start at once', async () => {
  assert.deepEqual(started, []);
  await Promise.all([clientOf(imported), clientOf(required)]);
  await connect(imported, required);
  await connect(required, imported);
  assert.equal(started.length, 1);
});

for (const [name, copy] of Object.entries(copies)) {
  const other = copy === imported ? required : imported;

  test(`errors of the ${name} copy are instances of the other copy's classes, and of no others`, async () => {
    const client = await clientOf(copy);
    const session = await connect(copy, other);
    const unreachable = await connect(copy, other, {
      maxRetries: 0,
      fetch: (url, init) => fetch(url.includes('/accounts') ? 'http://127.0.0.1:9/' : url, init),
    });
    const errors = {
      ConfigurationError: copy.createClient({}),
      AuthorizationError: client.completeAuthorization(`${REDIRECT_URI}?code=a&state=b`, {}),
      ApiError: session.account('acc_nobody'),
      AbortError: session.accounts({ signal: AbortSignal.abort() }),
      NetworkError: unreachable.accounts(),
    };
    const classes = Object.keys(errors);
    for (const [className, failing] of Object.entries(errors)) {
      const error = await rejection(failing);
      for (const { AispError, ...all } of [copy, other]) {
        assert.ok(error instanceof AispError && error instanceof Error, className);
        const matching = classes.filter((candidate) => error instanceof all[candidate]);
        assert.deepEqual(matching, [className]);
      }
    }
  });

  test(`a session of the ${name} copy goes on in the other, from a store that they share`, async () => {
    const tokenStore = copy.memoryStore();
    await connect(copy, other, { tokenStore });
    const session = await (await clientOf(other, { tokenStore })).session();
    await session.refresh();
    assert.equal((await session.accounts()).items.length, 3);
  });
}
