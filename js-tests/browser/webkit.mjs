// Finds WebKitGTK's MiniBrowser and starts it, driven by WebKitWebDriver through plain WebDriver.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/machine.mjs';

/** What it takes, or why it is `absent`. */
export function webkit() {
  const miniBrowser = find('ls /usr/lib/*/webkit2gtk-*/MiniBrowser /usr/libexec/webkit2gtk-*/MiniBrowser');
  const driver = find('command -v WebKitWebDriver');
  const screen = find('command -v xvfb-run');
  if (!driver || !miniBrowser)
    return { absent: 'WebKitWebDriver is not installed here (apt-get install webkit2gtk-driver)' };
  if (!screen) return { absent: 'xvfb-run is not installed here (apt-get install xvfb xauth)' };
  return { driver, miniBrowser, screen };
}

/** Opens `url` in a browser of its own; gives how to run a script there, as WebDriver's `execute/async` does, and how to close it. */
export async function openWebkit({ driver, miniBrowser, screen }, url) {
  const port = await freePort();
  const child = spawn(screen, ['-a', driver, `--port=${port}`], { stdio: 'ignore', detached: true });
  const origin = `http://127.0.0.1:${port}`;
  let session;
  const close = async () => {
    if (session) await fetch(`${origin}/session/${session}`, { method: 'DELETE' }).catch(() => {});
    // The screen, the driver and the browser are one group.
    process.kill(-child.pid);
  };
  try {
    session = await open(origin, miniBrowser);
    const at = `${origin}/session/${session}`;
    await post(`${at}/timeouts`, { script: 3_600_000, pageLoad: 60_000 });
    await post(`${at}/url`, { url });
    return { execute: (script) => post(`${at}/execute/async`, { script, args: [] }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(origin, binary) {
  const capabilities = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  for (let attempt = 0; ; attempt++) {
    try {
      const { sessionId } = await post(`${origin}/session`, { capabilities: { alwaysMatch: capabilities } });
      return sessionId;
    } catch (error) {
      // The driver takes a moment to start.
      if (attempt === 40) throw error;
      await sleep(250);
    }
  }
}

/** Not with `fetch`, which gives up after five minutes without an answer: a long script takes longer. */
async function post(url, body) {
  const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
  sent.end(JSON.stringify(body));
  const [response] = await once(sent, 'response');
  const { value } = await json(response);
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

function find(command) {
  try {
    return execFileSync('sh', ['-c', `${command} 2>/dev/null | head -n 1`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
