/** What an application's fetch or store throws is described whatever it is: the call fails, and neither hangs nor ends the process. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from '@oakford/aisp';
import { REDIRECT_URI } from '../support/clients.mjs';

const unhandled = [];
const note = (reason) => unhandled.push(reason);
process.on('unhandledRejection', note);
after(() => process.off('unhandledRejection', note));

function withGetter(name) {
  return Object.defineProperty(new Error('of the application'), name, {
    get() {
      throw new Error('of the getter');
    },
  });
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function ofItself() {
  const error = new AggregateError([], 'of itself');
  error.errors.push(error);
  return error;
}

const thrown = {
  'an error whose message is a getter that throws': () => withGetter('message'),
  'an error whose name is a getter that throws': () => withGetter('name'),
  'an error whose code is a getter that throws': () => withGetter('code'),
  'an error whose cause is a getter that throws': () => withGetter('cause'),
  'an error whose errors are a getter that throws': () =>
    Object.defineProperty(new AggregateError([], 'x'), 'errors', {
      get() {
        throw new Error('of the getter');
      },
    }),
  'an error whose message is an object that can’t be a string': () =>
    Object.assign(new Error('x'), { message: Object.create(null) }),
  'an error that holds itself': () => ofItself(),
  'an error of 50 MB': () => new Error('x'.repeat(50_000_000)),
  'a revoked proxy': () => revoked({}),
  'a revoked proxy of an error': () => revoked(new Error('x')),
  'an error whose cause is a revoked proxy': () => new Error('x', { cause: revoked({}) }),
  nothing: () => undefined,
};

/** The error of a call whose fetch or token store throws. */
async function errorWith(options) {
  const client = await createClient({
    environment: { baseUrl: 'http://127.0.0.1:9/aisp/v1' },
    clientId: 'test',
    redirectUri: REDIRECT_URI,
    maxRetries: 0,
    ...options,
  });
  return client.session().then(
    () => client.beginAuthorization().catch((error) => error),
    (error) => error,
  );
}

for (const [name, make] of Object.entries(thrown)) {
  test(`thrown values: the call fails with a typed error when fetch throws ${name}`, {
    timeout: 20_000,
  }, async () => {
    const failing = async () => {
      throw make();
    };
    const error = await errorWith({ fetch: failing });
    assert.deepEqual([error.name, error.code], ['NetworkError', 'network_error']);
    assert.ok(JSON.stringify(error).length < 20_000);
    assert.deepEqual(unhandled, []);
  });

  test(`thrown values: the call fails with a typed error when the store throws ${name}`, {
    timeout: 20_000,
  }, async () => {
    const failing = async () => {
      throw make();
    };
    const error = await errorWith({ tokenStore: { get: failing, compareAndSwap: failing } });
    assert.deepEqual([error.name, error.code], ['ConfigurationError', 'token_store_failed']);
    assert.deepEqual(unhandled, []);
  });
}
