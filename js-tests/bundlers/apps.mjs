// The applications that are built here: each as its tool's documentation starts one, with the packed package installed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, temporaryFolder } from '../support/machine.mjs';
import '../support/sandbox.mjs';
import { pack } from '../runtimes/packed.mjs';
import { execute } from '../runtimes/programs.mjs';

const programs = join(import.meta.dirname, 'node_modules', '.bin');
const packed = pack(temporaryFolder());

/** A fresh copy of an application, `as` it is called here, with the package and the suite in it. It runs on `node`. `from` holds it. */
export function application(
  name,
  { as = name, node = process.execPath, from = join(import.meta.dirname, 'apps') } = {},
) {
  const folder = join(import.meta.dirname, 'build', as);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(from, name), folder, { recursive: true });
  cpSync(join(import.meta.dirname, '..', 'runtimes', 'suite.mjs'), join(folder, 'suite.mjs'));
  const place = join(folder, 'node_modules', '@oakford', 'aisp');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', packed, '-C', place, '--strip-components=1']);
  return new Application(folder, node);
}

class Application {
  constructor(folder, node) {
    this.folder = folder;
    const { NODE_ENV, ...env } = process.env;
    const PATH = [dirname(node), programs, env.PATH].join(delimiter);
    this.options = { cwd: folder, env: { ...env, PATH, NEXT_TELEMETRY_DISABLED: '1' } };
  }

  at = (...names) => join(this.folder, ...names);

  /** Runs a tool to its end. */
  run = (tool, args, env = {}) =>
    execute(join(programs, tool), args, { ...this.options, env: { ...this.options.env, ...env } });

  /** Starts a tool or another program as a server, until the tests of the file end; gives its origin. */
  async serve(program, args) {
    const port = String(await freePort());
    const tool = join(programs, program);
    const server = spawn(existsSync(tool) ? tool : program, args(port), {
      ...this.options,
      env: { ...this.options.env, PORT: port },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(server, 'exit');
    after(async () => {
      server.kill();
      await exited;
    });
    const origin = `http://localhost:${port}`;
    for (let i = 0; i < 600 && server.exitCode === null; i++) {
      if (await answers(origin)) return origin;
      await sleep(100);
    }
    throw new Error(`${program} does not answer.`);
  }
}

function answers(origin) {
  return fetch(origin).then(
    () => true,
    () => false,
  );
}
