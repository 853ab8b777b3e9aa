// What tests use that `require` this package, as in Jest: the same as `testing.js`, run by a worker thread. Jest takes no
// module without a flag, and Node 20 can't require one; a worker thread imports it outside of Jest's sandbox.
const { faultsOn } = require('./fault-plan.cjs');
const { sandboxThread } = require('./sandbox-thread.cjs');

/** @typedef {typeof import('../types/testing.d.ts')} Testing the public types, which these have to keep to */
/** @typedef {import('../types/testing.d.ts').Fault} Fault */

/** @type {Testing['startSandbox']} */
exports.startSandbox = async (options) => {
  const { id, fixed } = await sandboxThread().run('startSandbox', options);
  /** @type {(part: string | undefined, name: string, ...args: unknown[]) => any} */
  const ask = (part, name, ...args) => sandboxThread().ask({ sandbox: id, part, name, args });
  /** @type {(part: string, ...names: string[]) => any} */
  const methods = (part, ...names) =>
    Object.fromEntries(
      names.map((name) => [name, (/** @type {unknown[]} */ ...args) => ask(part, name, ...args)]),
    );
  /** @type {(fault: Fault) => Fault} whose hits are those of now */
  const live = ({ hits, ...fault }) => ({
    ...fault,
    get hits() {
      const planned = /** @type {Fault[]} */ (ask('faults', 'list')).find((each) => each.id === fault.id);
      hits = planned?.hits ?? hits;
      return hits;
    },
  });
  const allRequests = () => ask('requests', 'filter', {});
  const close = () => sandboxThread().run('close', id);
  /** @type {any} */
  const sandbox = {
    ...fixed,
    get users() {
      return ask(undefined, 'users');
    },
    get banks() {
      return ask(undefined, 'banks');
    },
    clock: {
      ...methods('clock', 'now', 'today', 'advance', 'set', 'reset'),
      get offset() {
        return ask('clock', 'offset');
      },
    },
    faults: {
      ...methods('faults', 'remove', 'clear'),
      add: (/** @type {unknown} */ spec) => live(ask('faults', 'add', spec)),
      list: () => ask('faults', 'list').map(live),
    },
    requests: {
      ...methods('requests', 'filter', 'count', 'clear'),
      get length() {
        return ask('requests', 'length');
      },
      toJSON: allRequests,
      [Symbol.iterator]: () => allRequests()[Symbol.iterator](),
    },
    consents: methods('consents', 'list', 'setExpiry', 'revoke'),
    scenarios: {
      ...methods('scenarios', 'list', 'load'),
      get current() {
        return ask('scenarios', 'current');
      },
    },
    close,
  };
  // The globals of a test environment may lack it.
  if (Symbol.asyncDispose) sandbox[Symbol.asyncDispose] = close;
  return sandbox;
};

exports.faultsOn = faultsOn;

/** @type {Testing['approve']} */
exports.approve = (url, options) => sandboxThread().run('approve', addressOf(url), options);

/** @type {Testing['deny']} */
exports.deny = (url, options) => sandboxThread().run('deny', addressOf(url), options);

/** A `URL` can't be sent to a thread. @param {Parameters<Testing['approve']>[0]} url */
function addressOf(url) {
  return typeof url === 'string' ? url : url.href;
}
