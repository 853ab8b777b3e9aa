/** A sandbox in a process of its own, so that its memory is not counted as the SDK's; steered over HTTP. */
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../sandbox/bin/aisp-sandbox.js', import.meta.url));

/** Starts it with the given arguments; it ends with the tests of the calling file. */
export async function sandboxProcess(...given) {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--no-rate-limit', ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill('SIGKILL'));
  const origin = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found && said.includes('Ctrl+C')) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`The sandbox ended with exit code ${code}.`)));
  });
  const control = async (method, path, body) => {
    const init = { method };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    return (await fetch(`${origin}/_sandbox${path}`, init)).json();
  };
  const { clients, baseUrl } = await control('GET', '/info');
  return { origin, baseUrl, clients, control };
}
