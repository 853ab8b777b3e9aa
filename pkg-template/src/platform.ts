/** Where the code runs, and what that platform lacks. */

import { type ErrorDetails, makeError, withDetail } from './errors.js';
import {
  FETCH_UNAVAILABLE,
  NO_RANDOMNESS,
  TEXT_ENCODING_UNAVAILABLE,
  WASM_UNAVAILABLE,
} from './generated/host-errors.js';

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

/** A global that the SDK needs, and the error if the platform lacks it. */
interface Need {
  name: string;
  error: ErrorDetails;
}

/** What every client needs. */
const NEEDS: readonly Need[] = [
  { name: 'WebAssembly', error: WASM_UNAVAILABLE },
  { name: 'TextDecoder', error: TEXT_ENCODING_UNAVAILABLE },
  { name: 'TextEncoder', error: TEXT_ENCODING_UNAVAILABLE },
  { name: 'crypto.getRandomValues', error: NO_RANDOMNESS },
];

/** Throws a `ConfigurationError` that names the first global which every client needs and the platform lacks. */
export function checkPlatform(): void {
  for (const need of NEEDS) check(need);
}

/** Throws a `ConfigurationError` if the platform has no `fetch`. */
export function checkFetch(): void {
  check({ name: 'fetch', error: FETCH_UNAVAILABLE });
}

function check({ name, error }: Need): void {
  let value: unknown = globalThis;
  for (const part of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  if (value !== undefined) return;
  throw makeError(withDetail(error, name));
}

/** Whether timers end with the request during which they were set: in workerd, which alone has this class. */
export function timersEndWithRequests(): boolean {
  return 'WebSocketPair' in globalThis;
}
