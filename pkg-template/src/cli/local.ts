/** `--local`: the sandbox on this machine, which runs already or is started by the command. */

/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './arguments.js';

/** What this command uses of `@oakford/aisp-sandbox/testing`. */
interface SandboxPackage {
  startSandbox(options: { port: number }): Promise<{ origin: string; close(): Promise<void> }>;
  approve(url: string, options: { user: string }): Promise<string>;
}

/** A sandbox that answers. */
export interface LocalSandbox {
  baseUrl: string;
  /** Whether this process runs it: then it ends with `close`. */
  own: boolean;
  close(): Promise<void>;
}

/** The sandbox's public client, which accepts every redirect URI on a loopback address. */
export const LOCAL_CLIENT_ID = 'oakford-demo-web';

const LOOK_MS = 2000;

/** Returns the sandbox that runs on `port`; null if none does. */
export async function findSandbox(port: number): Promise<LocalSandbox | null> {
  const origin = `http://127.0.0.1:${port}`;
  try {
    const response = await fetch(`${origin}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(LOOK_MS),
    });
    const { issuer } = (await response.json()) as { issuer?: unknown };
    if (issuer === origin) return { baseUrl: `${origin}/aisp/v1`, own: false, close: async () => {} };
  } catch {
    // Nothing answers there, or something else does.
  }
  return null;
}

/** Starts a sandbox on `port`; 0 takes a free one. */
export async function startSandbox(port: number): Promise<LocalSandbox> {
  const { startSandbox } = await sandboxPackage();
  const sandbox = await startSandbox({ port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new UsageError(`--port ${port} is taken by a program that is no sandbox: choose another port`);
  });
  return { baseUrl: `${sandbox.origin}/aisp/v1`, own: true, close: () => sandbox.close() };
}

/** Logs a customer of the sandbox in, without a browser; returns the callback URL. */
export async function approveAs(user: string, url: string): Promise<string> {
  const { approve } = await sandboxPackage();
  return approve(url, { user });
}

/** Finds the package beside this one, or in the project that the command is run in. */
async function sandboxPackage(): Promise<SandboxPackage> {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json'))]) {
    let manifest: string;
    try {
      manifest = createRequire(from).resolve('@oakford/aisp-sandbox/package.json');
    } catch {
      continue;
    }
    // What `import` gives: what `require` gives runs in a thread that does not keep the process alive.
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
    const path = join(dirname(manifest), exports['./testing'].import.default);
    return (await import(pathToFileURL(path).href)) as SandboxPackage;
  }
  throw new UsageError(
    '--local needs the package @oakford/aisp-sandbox, which is not installed here: npm install --save-dev @oakford/aisp @oakford/aisp-sandbox',
  );
}
