/** Where the code runs. */

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

/** Whether this is a page or a worker of one: its source is public, so nothing in it can be secret. */
export function inBrowser(): boolean {
  const platform = globalThis as unknown as Platform;
  if (platform.document !== undefined || platform.window !== undefined) return true;
  if (platform.process?.versions?.node || platform.Deno || platform.Bun || platform.EdgeRuntime) return false;
  return platform.WorkerGlobalScope !== undefined && platform.navigator?.userAgent !== 'Cloudflare-Workers';
}

/** The runtime and its version, for support. */
export function platformName(): string {
  const { process, navigator } = globalThis as unknown as Platform;
  const agent = navigator?.userAgent;
  const node = process?.versions?.node;
  return agent ?? (node ? `Node.js/${node}` : 'unknown');
}
