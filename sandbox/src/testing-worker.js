// Runs sandboxes for programs that `require` the package: does what `testing.cjs` asks for, and answers.
import { parentPort, workerData } from 'node:worker_threads';
import * as testing from './testing.js';

/** @typedef {import('./sandbox-thread.cjs').Question} Question */
/** @typedef {import('./sandbox-thread.cjs').Answer} Answer */
/** @typedef {import('../types/testing.d.ts').Sandbox} Sandbox */
/** @typedef {{ signal: Int32Array, answers: import('node:worker_threads').MessagePort }} Channel */

/** How long the thread stays without a sandbox: test files end, and others start one for each test. */
const IDLE_MS = 5_000;

const { signal, answers } = /** @type {Channel} */ (workerData);
/** @type {Map<number, Sandbox>} closed ones too: a test may look at the requests afterwards */
const sandboxes = new Map();
/** @type {Set<number>} */
const open = new Set();
let tasks = 0;
let lastId = 0;

parentPort?.on('message', async (/** @type {Question} */ question) => {
  if (question.call !== undefined) return parentPort?.postMessage(await settled(question));
  // The program sleeps until it is woken: everything up to the answer is synchronous.
  answers.postMessage(done(question));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});

/** @param {Question} question @returns {Promise<Answer>} */
async function settled({ call, name, args }) {
  const task = ++tasks;
  try {
    return { call, value: await TASKS[name]?.(...args) };
  } catch (error) {
    return { call, error: described(error) };
  } finally {
    if (open.size === 0) setTimeout(() => task === tasks && parentPort?.postMessage({ idle: true }), IDLE_MS);
  }
}

/** @type {Record<string, (...args: any[]) => Promise<unknown>>} */
const TASKS = {
  async startSandbox(options) {
    const sandbox = await testing.startSandbox(options);
    const id = ++lastId;
    sandboxes.set(id, sandbox);
    open.add(id);
    const { origin, issuer, baseUrl, port, clients } = sandbox;
    return { id, fixed: { origin, issuer, baseUrl, port, clients } };
  },
  async close(id) {
    await sandboxes.get(id)?.close();
    open.delete(id);
  },
  approve: testing.approve,
  deny: testing.deny,
};

/** @param {Question} question @returns {Answer} */
function done({ sandbox: id = 0, part, name, args }) {
  try {
    /** @type {any} */
    const sandbox = sandboxes.get(id);
    if (!sandbox) throw new Error('This sandbox was closed some time ago.');
    const owner = part === undefined ? sandbox : sandbox[part];
    return { value: typeof owner[name] === 'function' ? owner[name](...args) : owner[name] };
  } catch (error) {
    return { error: described(error) };
  }
}

/** @param {unknown} error */
function described(error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code;
  return { name, message, ...(code === undefined ? {} : { code }) };
}
