// A worker thread of Node: the thread that starts it leaves the SDK alone.
import { Worker } from 'node:worker_threads';

new Worker(new URL('esm.mjs', import.meta.url), { argv: process.argv.slice(2) });
