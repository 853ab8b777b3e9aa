// The worker thread in which sandboxes run for programs that `require` the package, and how it is asked.
const { join } = require('node:path');
const { MessageChannel, receiveMessageOnPort, Worker } = require('node:worker_threads');

/**
 * @typedef {object} Question
 * @property {number} [call] its number, if the program awaits the answer; without it the program sleeps until the answer is there
 * @property {number} [sandbox] which one
 * @property {string} [part] of the sandbox
 * @property {string} name of a function or a property
 * @property {unknown[]} args
 */
/** @typedef {{ name: string, message: string, code?: string }} Problem */
/** @typedef {{ call?: number | undefined, value?: any, error?: Problem, idle?: boolean }} Answer */

/** How long the thread may take to answer a question on which the program sleeps. */
const ANSWER_TIMEOUT_MS = 30_000;

/** @type {SandboxThread | undefined} */
let current;

class SandboxThread {
  #signal = new Int32Array(new SharedArrayBuffer(4));
  #answers;
  #worker;
  /** @type {Map<number, (answer: Answer) => void>} */
  #calls = new Map();
  #lastCall = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    this.#worker = new Worker(join(__dirname, 'testing-worker.js'), {
      workerData: { signal: this.#signal, answers: port2 },
      transferList: [port2],
    });
    this.#worker.unref();
    this.#worker.on('message', (/** @type {Answer} */ answer) =>
      answer.idle ? this.#end() : this.#settle(answer),
    );
    this.#worker.on('error', ({ name, message }) => this.#fail({ name, message }));
    this.#worker.on('exit', () =>
      this.#fail({ name: 'Error', message: 'The thread of the sandbox has ended.' }),
    );
  }

  /**
   * Sleeps until the answer is there, because a sandbox's controls are synchronous.
   * @param {Question} question
   * @returns {any}
   */
  ask(question) {
    Atomics.store(this.#signal, 0, 0);
    this.#worker.postMessage(question);
    if (Atomics.wait(this.#signal, 0, 0, ANSWER_TIMEOUT_MS) === 'timed-out')
      throw new Error('The sandbox does not answer.');
    return unwrap(receiveMessageOnPort(this.#answers)?.message);
  }

  /** @param {string} name @param {unknown[]} args @returns {Promise<any>} */
  async run(name, ...args) {
    const call = ++this.#lastCall;
    // The thread keeps the program alive only while an answer is awaited.
    this.#worker.ref();
    this.#worker.postMessage({ call, name, args });
    return unwrap(await new Promise((resolve) => this.#calls.set(call, resolve)));
  }

  /** @param {Answer} answer */
  #settle(answer) {
    const call = answer.call ?? 0;
    this.#calls.get(call)?.(answer);
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#worker.unref();
  }

  /** @param {Problem} error */
  #fail(error) {
    if (current === this) current = undefined;
    for (const call of this.#calls.keys()) this.#settle({ call, error });
  }

  /** Ends the thread, unless a call is on its way to it. */
  #end() {
    if (this.#calls.size > 0) return;
    if (current === this) current = undefined;
    void this.#worker.terminate();
  }
}

/** @param {Answer} answer */
function unwrap({ value, error }) {
  if (error === undefined) return value;
  const kinds = { TypeError, RangeError, SyntaxError };
  const Kind = kinds[/** @type {keyof typeof kinds} */ (error.name)] ?? Error;
  throw Object.assign(new Kind(error.message), error.code === undefined ? {} : { code: error.code });
}

/** The thread of this program; started when it is needed first. */
exports.sandboxThread = () => {
  current ??= new SandboxThread();
  return current;
};
