/** Opens a URL in the browser of the person at the terminal. */

/// <reference types="node" />
import { spawn } from 'node:child_process';

/** Starts the browser; returns whether there is a program that could be one. */
export async function openBrowser(url: string): Promise<boolean> {
  const opener = openerOf();
  if (opener === undefined) return false;
  const [program = '', ...args] = opener;
  const started = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  started.unref();
  return new Promise((resolve) => {
    started.once('spawn', () => resolve(true));
    started.once('error', () => resolve(false));
  });
}

function openerOf(): string[] | undefined {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (BROWSER) return [BROWSER];
  if (process.platform === 'darwin') return ['open'];
  // Not `start`: the shell would read the ampersands of the URL.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
