/** The redirect URI of a login: a server on the loopback address that receives one callback (RFC 8252, section 7.3). */

/// <reference types="node" />
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from './arguments.js';

/** A callback server that listens. */
export interface CallbackServer {
  redirectUri: string;
  /** Resolves with the result of `complete` for the callback URL with this state. Requests without it are none of this login. */
  receive<T>(state: string, complete: (url: string) => Promise<T>): Promise<T>;
  close(): void;
}

/** Starts the server; port 0 takes a free one. */
export async function listenForCallback(port: number): Promise<CallbackServer> {
  let receive: (url: URL, response: ServerResponse) => void = (_, response) =>
    answer(response, 404, NOT_FOUND);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/callback') receive(url, response);
    else answer(response, 404, NOT_FOUND);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new UsageError(`--redirect-port ${port} is taken: choose another port`);
  });
  let last: ServerResponse | undefined;
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  return {
    redirectUri,
    receive: (state, complete) =>
      new Promise((resolve, reject) => {
        receive = (url, response) => {
          const states = url.searchParams.getAll('state');
          if (states.length !== 1 || states[0] !== state) return answer(response, 404, NOT_FOUND);
          receive = (_, response) => answer(response, 404, NOT_FOUND);
          last = response;
          const result = complete(`${redirectUri}${url.search}`);
          result.then(
            () => answer(response, 200, CONNECTED),
            () => answer(response, 400, FAILED),
          );
          result.then(resolve, reject);
        };
      }),
    close() {
      server.close();
      // The page reaches the browser; connections that the browser opened in advance end.
      const end = () => server.closeAllConnections();
      if (last === undefined || last.writableFinished) end();
      else last.once('close', end);
    },
  };
}

const CONNECTED = 'Your bank is connected. You can close this page and go back to the terminal.';
const FAILED = 'Your bank could not be connected. The terminal says why.';
const NOT_FOUND = 'This page does not belong to a login that is under way.';

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Oakford AISP</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1rem }</style>
<main><h1>Oakford AISP</h1><p>${text}</p></main>
</html>
`);
}
