// Runs the server of the benches of calls until its input ends, and prints its origin.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const child = fork(fileURLToPath(new URL('../call/server.mjs', import.meta.url)));
child.once('message', (origin) => console.log(origin));
process.stdin.on('end', () => child.kill()).resume();
