// Runs the measurements in WebKitGTK's MiniBrowser, driven by WebKitWebDriver through plain WebDriver.

import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What it takes, or undefined with the reason. */
export function webkit() {
  const miniBrowser = find('ls /usr/lib/*/webkit2gtk-*/MiniBrowser /usr/libexec/webkit2gtk-*/MiniBrowser');
  const driver = find('command -v WebKitWebDriver');
  const screen = find('command -v xvfb-run');
  if (!driver || !miniBrowser) return { absent: 'as WebKitWebDriver (webkit2gtk-driver) is not installed' };
  if (!screen) return { absent: 'as xvfb-run (xvfb) is not installed' };
  return { driver, miniBrowser, screen };
}

/** Opens `url` and gives what `globalThis.measured` resolves with there. */
export async function inWebkit({ driver, miniBrowser, screen }, url, script) {
  const port = await freePort();
  const child = spawn(screen, ['-a', driver, `--port=${port}`], { stdio: 'ignore', detached: true });
  const origin = `http://127.0.0.1:${port}`;
  let session;
  try {
    session = await open(origin, miniBrowser);
    const at = `${origin}/session/${session}`;
    await post(`${at}/timeouts`, { script: 3_600_000, pageLoad: 60_000 });
    await post(`${at}/url`, { url });
    return await post(`${at}/execute/async`, { script, args: [] });
  } finally {
    if (session) await fetch(`${origin}/session/${session}`, { method: 'DELETE' }).catch(() => {});
    // The screen, the driver and the browser are one group.
    process.kill(-child.pid);
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

async function post(url, body) {
  // fetch gives up after five minutes without an answer, and a long script takes longer.
  const { request } = await import('node:http');
  const text = await new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts).toString()));
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
  const { value } = JSON.parse(text);
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function find(command) {
  try {
    return execFileSync('sh', ['-c', `${command} 2>/dev/null | head -n 1`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
