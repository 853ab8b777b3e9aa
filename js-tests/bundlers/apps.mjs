// The applications that are built here: each as its tool's documentation starts one, with the packed package installed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pack, temporaryFolder } from '../runtimes/packed.mjs';
import { execute } from '../runtimes/programs.mjs';

const programs = join(import.meta.dirname, 'node_modules', '.bin');
const packed = pack(temporaryFolder());

/** A fresh copy of an application, `as` it is called here, with the package and the suite in it. It runs on `node`. */
export function application(name, { as = name, node = process.execPath } = {}) {
  const folder = join(import.meta.dirname, 'build', as);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(import.meta.dirname, 'apps', name), folder, { recursive: true });
  cpSync(join(import.meta.dirname, '..', 'runtimes', 'suite.mjs'), join(folder, 'suite.mjs'));
  const place = join(folder, 'node_modules', '@oakford', 'aisp');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', packed, '-C', place, '--strip-components=1']);
  return new Application(folder, node);
}

class Application {
  constructor(folder, node) {
    this.folder = folder;
    this.options = {
      cwd: folder,
      env: {
        ...process.env,
        PATH: [dirname(node), programs, process.env.PATH].join(delimiter),
        NODE_ENV: '',
        NEXT_TELEMETRY_DISABLED: '1',
      },
    };
  }

  at = (...names) => join(this.folder, ...names);

  /** Runs a tool to its end. */
  run = (tool, args, env = {}) =>
    execute(join(programs, tool), args, { ...this.options, env: { ...this.options.env, ...env } });

  /** Starts a server that takes `--port`-like arguments, until the tests of the file end; gives its origin. */
  async serve(tool, args, env = {}) {
    const port = String(await freePort());
    const server = spawn(existsSync(join(programs, tool)) ? join(programs, tool) : tool, args(port), {
      ...this.options,
      env: { ...this.options.env, ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(server, 'exit');
    after(async () => {
      server.kill();
      await exited;
    });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text));
    const origin = `http://localhost:${port}`;
    for (let i = 0; i < 300; i++) {
      if (server.exitCode !== null) break;
      if (
        await fetch(origin).then(
          () => true,
          () => false,
        )
      )
        return origin;
      await sleep(100);
    }
    throw new Error(`${tool} does not answer:\n${said}`);
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
