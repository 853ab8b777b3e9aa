/** Requests that never reached the server: every way in which Node fails to connect, at real servers. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { memoryStore } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { Agent, fetch, ProxyAgent } from 'undici';
import { makeCertificates } from '../support/certificates.mjs';
import { clientOf, connect } from '../support/clients.mjs';
import { isTokenRequest } from '../support/fetch.mjs';
import { CLOSED_PORT } from '../support/machine.mjs';
import { rejection } from '../support/rejection.mjs';
import { refreshes, sandboxForFile } from '../support/sandbox.mjs';
import { HOUR_MS } from '../support/time.mjs';

const sandbox = await sandboxForFile();
const certificates = makeCertificates();

/** Listens on loopback until the tests of the file end; returns the port. */
async function listen(server) {
  server.on('clientError', () => {}).on('tlsClientError', () => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return server.address().port;
}

/** A port whose process is stopped and whose queue of connections is full, so that connecting to it never ends. */
async function silentPort() {
  const code = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const port = Number(line);
  const fillers = Array.from({ length: 8 }, () => connectTcp(port, '127.0.0.1').on('error', () => {}));
  await once(fillers[0], 'connect');
  after(() => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  });
  return port;
}

const answersNothing = (_request, response) => response.end();
const tls = (identity) => listen(createTlsServer({ ...identity, minVersion: 'TLSv1.2' }, answersNothing));

/** What a request to the token endpoint meets instead of the server: its origin and the `dispatcher` that fetches it. */
const failures = {
  'a certificate of an unknown authority': async () => ({
    origin: `https://127.0.0.1:${await tls(certificates.server)}`,
  }),
  'an expired certificate': async () => ({
    origin: `https://127.0.0.1:${await tls(certificates.expired)}`,
    dispatcher: new Agent({ connect: { ca: certificates.ca } }),
  }),
  'a certificate of another name': async () => ({
    origin: `https://localhost:${await tls(certificates.server)}`,
    dispatcher: new Agent({ connect: { ca: certificates.ca } }),
  }),
  'a server that wants a newer protocol': async () => ({
    origin: `https://127.0.0.1:${await listen(createTlsServer({ ...certificates.server, minVersion: 'TLSv1.3' }))}`,
    dispatcher: new Agent({ connect: { ca: certificates.ca, maxVersion: 'TLSv1.2' } }),
  }),
  'a server that speaks no TLS': async () => ({
    origin: `https://127.0.0.1:${await listen(createHttpServer(answersNothing))}`,
  }),
  'a handshake that the server ends': async () => ({
    origin: `https://127.0.0.1:${await listen(createTcpServer((socket) => socket.once('data', () => socket.end())))}`,
  }),
  'a port on which nobody listens': async () => ({ origin: `http://127.0.0.1:${CLOSED_PORT}` }),
  'several addresses, none of which can be reached': async () => ({
    origin: `http://bank.example:${CLOSED_PORT}`,
    dispatcher: new Agent({
      connect: {
        autoSelectFamily: true,
        lookup: (_name, _options, done) =>
          done(
            null,
            ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
          ),
      },
    }),
  }),
  'a connect time-out': async () => ({
    origin: `http://127.0.0.1:${await silentPort()}`,
    dispatcher: new Agent({ connect: { timeout: 300 } }),
  }),
  'connect time-outs at several addresses': async () => ({
    origin: `http://bank.example:${await silentPort()}`,
    dispatcher: new Agent({
      connect: {
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 50,
        timeout: 5_000,
        lookup: (_name, _options, done) =>
          done(
            null,
            ['127.0.0.1', '127.0.0.1'].map((address) => ({ address, family: 4 })),
          ),
      },
    }),
  }),
  'a name that is not resolved': async () => ({ origin: 'http://bank.invalid' }),
  'a proxy that wants a password': async () => {
    const proxy = createHttpServer().on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    return {
      origin: 'https://bank.example',
      dispatcher: new ProxyAgent(`http://127.0.0.1:${await listen(proxy)}`),
    };
  },
  'a proxy that answers 407 itself': async () => ({
    origin: `http://127.0.0.1:${await listen(createHttpServer((_request, response) => response.writeHead(407).end()))}`,
  }),
  'a proxy that is not there': async () => ({
    origin: 'https://bank.example',
    dispatcher: new ProxyAgent(`http://127.0.0.1:${CLOSED_PORT}`),
  }),
};

for (const [title, make] of Object.entries(failures)) {
  describe(`not-sent: ${title}`, () => {
    let failing = false;
    let met;
    before(async () => {
      met = await make();
    });
    const over = (url, init) =>
      failing && isTokenRequest(url)
        ? fetch(`${met.origin}/oauth/token`, { ...init, dispatcher: met.dispatcher })
        : fetch(url, init);

    test('refresh: not sent, and the session goes on', async () => {
      const { session } = await connect(sandbox, { tokenStore: memoryStore(), fetch: over });
      sandbox.clock.advance(2 * HOUR_MS);
      sandbox.requests.clear();
      failing = true;
      const error = await rejection(session.accounts());
      assert.deepEqual(
        [error.name, error.code, error.requestSent, error.retryable, error.reauthRequired],
        ['NetworkError', 'connection_failed', 'no', true, false],
      );
      failing = false;
      assert.equal((await session.accounts()).items.length, 3);
      assert.equal(refreshes(sandbox), 1);
    });

    test('code: not sent, and the same callback completes later', async () => {
      const client = await clientOf(sandbox, { fetch: over });
      const { url, pending } = await client.beginAuthorization();
      const callbackUrl = await approve(url, { user: 'anna' });
      failing = true;
      const error = await rejection(client.completeAuthorization(callbackUrl, pending));
      assert.deepEqual(
        [error.code, error.requestSent, error.retryable, error.reauthRequired],
        ['connection_failed', 'no', true, false],
      );
      failing = false;
      const session = await client.completeAuthorization(callbackUrl, pending);
      assert.equal((await session.accounts()).items.length, 3);
    });
  });
}

test('code-once: code: never sent again when the outcome of its exchange is unknown', async () => {
  const client = await clientOf(sandbox);
  for (const fault of [
    { fault: 'reset_before' },
    { fault: 'status', status: 504, body: 'Gateway Timeout' },
    { fault: 'html_502' },
    { fault: 'status', status: 200, body: '<html>', contentType: 'text/html' },
    { fault: 'status', status: 200, body: { error: 'temporarily_unavailable' } },
  ]) {
    const { url, pending } = await client.beginAuthorization();
    const callbackUrl = await approve(url, { user: 'anna' });
    sandbox.requests.clear();
    sandbox.faults.add({ match: { path: '/oauth/token' }, ...fault });
    const error = await rejection(client.completeAuthorization(callbackUrl, pending));
    assert.deepEqual([error.retryable, error.reauthRequired], [false, true], error.code);
    assert.equal((await rejection(client.completeAuthorization(callbackUrl, pending))).code, 'pending_used');
    assert.equal(sandbox.requests.count({ path: '/oauth/token' }), 1);
  }
});
