/** Objects of the application that throw: the call that uses them fails or goes on, and no other call on the shared instance notices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, ConfigurationError, createClient, InternalError, memoryStore } from '@oakford/aisp';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { json, serve } from '../support/server.mjs';
import { sessionAt } from '../support/stored-session.mjs';

const boom = () => {
  throw new Error('thrown by the application');
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
// biome-ignore lint/suspicious/noThenProperty: that is what is hostile about it.
const thenable = { then: boom };
const account = { account_id: 'a', currency: 'EUR', account_type: 'current', provider: { provider_id: 'p' } };
const body = new TextEncoder().encode(JSON.stringify(account));

/** A server whose answer another customer waits for, and that customer's call. */
async function neighbour() {
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  const origin = await serve((_, response) => answer(() => json(response, account)));
  const call = (await sessionAt(origin)).account('a').withResponse();
  const release = await asked;
  return async () => {
    release();
    assert.equal((await call).data.accountId, 'a');
  };
}

/** The uncaught exceptions and unhandled rejections while `work` runs, and the turn after it. */
async function uncaughtIn(work) {
  const uncaught = [];
  const note = (error) => uncaught.push(error);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('uncaughtException', note).off('unhandledRejection', note);
  }
  return uncaught;
}

/** A `Response` by its shape; `change` goes over it. */
function responseWith(change) {
  const response = { status: 200, headers: new Headers(), body: null, arrayBuffer: async () => body.buffer };
  return Object.defineProperties(response, Object.getOwnPropertyDescriptors(change));
}

const reader = (change) => ({
  body: { getReader: () => ({ read: async () => ({ done: true }), cancel: async () => {}, ...change }) },
});
const once = (value) => {
  let read = false;
  return async () => {
    const result = read ? { done: true } : { done: false, value };
    read = true;
    return result;
  };
};

/** A signal by its shape, whose members are taken from `change`. */
function signalWith(change) {
  const signal = { aborted: false, reason: undefined, addEventListener() {}, removeEventListener() {} };
  return Object.defineProperties(signal, Object.getOwnPropertyDescriptors(change));
}

const succeeds = (error, value) => {
  assert.equal(error, undefined, error?.stack);
  assert.equal(value.accountId, 'a');
};
const names = (path) => (error) => {
  assert.ok(error instanceof ConfigurationError, error?.stack);
  assert.equal(error.path, path);
};
const hasCode = (code) => (error) => assert.equal(error?.code, code, error?.stack);

/** What the application hands over, and how the call with it ends. */
const HOSTILE = {
  'fetch: throws': [{ fetch: boom }, {}, hasCode('network_error')],
  'fetch: gives undefined': [{ fetch: async () => undefined }, {}, names('fetch')],
  'fetch: gives a text': [{ fetch: async () => 'ok' }, {}, names('fetch')],
  'fetch: gives only json()': [
    { fetch: async () => ({ ok: true, status: 200, json: async () => account }) },
    {},
    names('fetch'),
  ],
  'fetch: gives a thenable that throws': [{ fetch: () => thenable }, {}, hasCode('network_error')],
  'response.status: throws': [
    {
      fetch: async () =>
        responseWith({
          get status() {
            return boom();
          },
        }),
    },
    {},
    names('fetch'),
  ],
  'response.status: no number': [
    { fetch: async () => responseWith({ status: { valueOf: boom } }) },
    {},
    names('fetch'),
  ],
  'response.status: a BigInt': [{ fetch: async () => responseWith({ status: 200n }) }, {}, names('fetch')],
  'response.headers: throws': [
    {
      fetch: async () =>
        responseWith({
          get headers() {
            return boom();
          },
        }),
    },
    {},
    names('fetch'),
  ],
  'response.headers.get: throws': [
    { fetch: async () => responseWith({ headers: { get: boom } }) },
    {},
    succeeds,
  ],
  'response.body: throws': [
    {
      fetch: async () =>
        responseWith({
          get body() {
            return boom();
          },
        }),
    },
    {},
    hasCode('body_interrupted'),
  ],
  'response.arrayBuffer: throws': [
    { fetch: async () => responseWith({ arrayBuffer: boom }) },
    {},
    hasCode('body_interrupted'),
  ],
  'response.arrayBuffer: gives a number': [
    { fetch: async () => responseWith({ arrayBuffer: async () => 2 ** 30 }) },
    {},
    names('fetch'),
  ],
  'reader.read: throws': [
    { fetch: async () => responseWith(reader({ read: boom })) },
    {},
    hasCode('body_interrupted'),
  ],
  'reader.read: gives texts': [
    { fetch: async () => responseWith(reader({ read: async () => ({ done: false, value: '{' }) })) },
    {},
    names('fetch'),
  ],
  'reader.cancel: throws': [
    { maxBodyBytes: 1, fetch: async () => responseWith(reader({ read: once(body), cancel: boom })) },
    {},
    hasCode('body_too_large'),
  ],
  'reader.cancel: gives nothing while a call is aborted': [
    { fetch: async () => responseWith(reader({ read: () => new Promise(() => {}), cancel() {} })) },
    { timeoutMs: 20 },
    hasCode('timeout'),
  ],
  'reader.cancel: throws while a call is aborted': [
    { fetch: async () => responseWith(reader({ read: () => new Promise(() => {}), cancel: boom })) },
    { timeoutMs: 20 },
    hasCode('timeout'),
  ],
  'signal.aborted: throws': [
    {},
    {
      signal: signalWith({
        get aborted() {
          return boom();
        },
      }),
    },
    names('signal'),
  ],
  'signal.aborted: throws later': [
    {},
    {
      signal: (() => {
        let reads = 0;
        return signalWith({
          get aborted() {
            return reads++ > 0 ? boom() : false;
          },
        });
      })(),
    },
    names('signal'),
  ],
  'signal.addEventListener: throws': [
    {},
    { signal: signalWith({ addEventListener: boom }) },
    names('signal'),
  ],
  'signal.removeEventListener: throws': [{}, { signal: signalWith({ removeEventListener: boom }) }, succeeds],
  'signal.reason: throws': [
    {},
    {
      signal: signalWith({
        aborted: true,
        get reason() {
          return boom();
        },
      }),
    },
    (error) => {
      assert.ok(error instanceof AbortError);
      assert.equal(error.cause.message, 'thrown by the application');
    },
  ],
  'onEvent: throws': [{ onEvent: boom }, {}, succeeds],
  'onEvent: throws nothing that is an error': [
    {
      onEvent() {
        throw null;
      },
    },
    {},
    succeeds,
  ],
  'onEvent: throws an error whose stack throws': [
    {
      onEvent() {
        throw Object.defineProperty(new Error('x'), 'stack', { get: boom });
      },
    },
    {},
    succeeds,
  ],
  'onEvent: throws a revoked proxy': [
    {
      onEvent() {
        throw revoked();
      },
    },
    {},
    succeeds,
  ],
  'onEvent: gives a revoked proxy': [{ onEvent: () => revoked() }, {}, succeeds],
  'onEvent: rejects': [{ onEvent: async () => boom() }, {}, succeeds],
  'onEvent: gives a thenable that throws': [{ onEvent: () => thenable }, {}, succeeds],
};

for (const [name, [options, call, check]] of Object.entries(HOSTILE)) {
  test(`${name}: the call ends as documented, and another customer's call goes on`, async () => {
    const origin = await serve((_, response) => json(response, account));
    const goesOn = await neighbour();
    const uncaught = await uncaughtIn(async () => {
      const session = await sessionAt(origin, { maxRetries: 0, ...options });
      const [value, error] = await session
        .account('a', call)
        .then((value) => [value])
        .catch((error) => [undefined, error]);
      assert.ok(!(error instanceof InternalError), error?.stack);
      check(error, value);
      await goesOn();
    });
    assert.deepEqual(uncaught, []);
  });
}

/** Throws what throws again when it is looked at. */
const boomRevoked = () => {
  throw revoked();
};

/** Platform functions that an application mocked badly. */
const MOCKS = {
  'Date.now': [Date, 'now'],
  'performance.now': [performance, 'now'],
  'Math.random': [Math, 'random'],
  setTimeout: [globalThis, 'setTimeout'],
  clearTimeout: [globalThis, 'clearTimeout'],
  AbortController: [globalThis, 'AbortController'],
  'process.emitWarning': [process, 'emitWarning'],
};
const THROWS = { 'an error': boom, 'a revoked proxy': boomRevoked };

for (const [name, [owner, property], what, hostile] of Object.entries(MOCKS).flatMap(([name, place]) =>
  Object.entries(THROWS).map(([what, hostile]) => [name, place, what, hostile]),
)) {
  test(`${name}: where it throws ${what}, calls under way go on, and the same instance serves the next`, async () => {
    const goesOn = await neighbour();
    const answer = async () => responseWith({});
    const session = await sessionAt('http://127.0.0.1:1', { fetch: answer, onEvent: boom });
    const original = owner[property];
    const uncaught = await uncaughtIn(async () => {
      const controller = new AbortController();
      owner[property] = hostile;
      try {
        const call = session.account('a', { signal: controller.signal });
        const ended = call.then(
          () => {},
          () => {},
        );
        for (let turn = 0; turn < 50; turn++) await Promise.resolve();
        controller.abort();
        await ended;
      } finally {
        owner[property] = original;
      }
      assert.equal((await session.account('a')).accountId, 'a');
      await goesOn();
    });
    assert.deepEqual(uncaught, []);
  });
}

test('token store: getters that throw fail the call with token_store_failed, and the session is usable after', async () => {
  const sandbox = await sandboxForFile();
  let hostile = false;
  const store = memoryStore();
  const tokenStore = Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(store).map(([name, method]) => [name, { get: () => (hostile ? boom() : method) }]),
    ),
  );
  const { client, session } = await connect(sandbox, { tokenStore });
  const goesOn = await neighbour();
  const uncaught = await uncaughtIn(async () => {
    hostile = true;
    for (const work of [() => session.refresh(), () => client.session('other')]) {
      const error = await rejection(work);
      assert.equal(error.code, 'token_store_failed', error.stack);
    }
    hostile = false;
    await session.refresh();
    assert.equal((await session.accounts()).items.length, 3);
    await goesOn();
  });
  assert.deepEqual(uncaught, []);
});

test('onEvent: a rejected promise is one warning for each event', async () => {
  const origin = await serve((_, response) => json(response, account));
  const warnings = [];
  const { emitWarning } = process;
  process.emitWarning = (warning) => warnings.push(warning);
  try {
    const session = await sessionAt(origin, { onEvent: async () => boom() });
    await session.account('a');
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.emitWarning = emitWarning;
  }
  assert.equal(warnings.length, 2);
  for (const warning of warnings) assert.match(warning, /^onEvent threw Error: thrown by the application/);
});

test('calls: one at the end of the stack rejects or succeeds, and the instance goes on', async () => {
  const session = await sessionAt('http://127.0.0.1:1', { fetch: async () => responseWith({}) });
  const goesOn = await neighbour();
  const calls = [];
  const dive = () => {
    calls.push(session.account('a').then(({ accountId }) => accountId));
    dive();
  };
  assert.throws(dive, RangeError);
  for (const { status, value, reason } of await Promise.allSettled(calls)) {
    if (status === 'fulfilled') assert.equal(value, 'a');
    else assert.notEqual(reason.code, 'panic', reason.stack);
  }
  await goesOn();
  await assert.rejects(createClient(null), ConfigurationError);
});
