/** Where the code runs, and what that platform lacks. */

import { makeError } from './errors.js';

interface Platform {
  document?: unknown;
  window?: unknown;
  WorkerGlobalScope?: unknown;
  process?: { versions?: { node?: string } };
  Deno?: unknown;
  Bun?: unknown;
  EdgeRuntime?: unknown;
  navigator?: { userAgent?: string };
}

/**
 * Returns whether this is a page or a worker of a page: its source is public, so nothing in it can be secret. `server`: the
 * application says that it is a server, which a page outside of a server's process can't be.
 */
export function inBrowser(server: boolean): boolean {
  const platform = globalThis as unknown as Platform;
  const serverProcess = Boolean(
    platform.process?.versions?.node || platform.Deno || platform.Bun || platform.EdgeRuntime,
  );
  // jsdom and happy-dom give a server's process the globals of a page.
  if (platform.document !== undefined || platform.window !== undefined) return !(server && serverProcess);
  if (serverProcess || server) return false;
  return platform.WorkerGlobalScope !== undefined && platform.navigator?.userAgent !== 'Cloudflare-Workers';
}

/** The runtime and its version, for support. */
export function platformName(): string {
  const { process, navigator } = globalThis as unknown as Platform;
  const agent = navigator?.userAgent;
  const node = process?.versions?.node;
  return agent ?? (node ? `Node.js/${node}` : 'unknown');
}

/** A global that the SDK needs: the code of the error without it, and what to do. */
interface Need {
  name: string;
  code: string;
  cure: string;
}

const FROM_NODE = 'A test environment such as that of Jest with jsdom takes it from Node';

/** What every client needs. */
const NEEDS: readonly Need[] = [
  {
    name: 'WebAssembly',
    code: 'wasm_unavailable',
    cure: 'iOS in Lockdown Mode and --jitless turn it off: except the site from Lockdown Mode, or make the call from your server',
  },
  { name: 'TextDecoder', code: 'text_encoding_unavailable', cure: FROM_NODE },
  { name: 'TextEncoder', code: 'text_encoding_unavailable', cure: FROM_NODE },
  { name: 'crypto.getRandomValues', code: 'no_randomness', cure: FROM_NODE },
];

const FETCH: Need = {
  name: 'fetch',
  code: 'fetch_unavailable',
  cure: `${FROM_NODE}; or pass one as the option fetch`,
};

/** Throws a `ConfigurationError` that names the first global which every client needs and the platform lacks. */
export function checkPlatform(): void {
  for (const need of NEEDS) check(need);
}

/** Throws a `ConfigurationError` if the platform has no `fetch`. */
export function checkFetch(): void {
  check(FETCH);
}

function check({ name, code, cure }: Need): void {
  let value: unknown = globalThis;
  for (const part of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  if (value !== undefined) return;
  const message = `This platform has no ${name}, which the SDK needs. ${cure} (docs/runtimes.md).`;
  throw makeError({ class: 'ConfigurationError', code, message });
}
