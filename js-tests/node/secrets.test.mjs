/** No secret out: marked secrets are planted, and every output of every path is searched for them. */
import assert from 'node:assert/strict';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createClient } from '@oakford/aisp';
import { approve } from '@oakford/aisp-sandbox/testing';
import { REDIRECT_URI } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { json, serve } from '../support/server.mjs';

const IBAN = 'DE89370400440532013000';
const PAN = '4111111111111111';

/** Every way in which a value may be shown. */
function shown(value) {
  const texts = [
    inspect(value, { depth: 10, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value) ?? '',
    printed(value),
    JSON.stringify(Object.getOwnPropertyNames(Object(value)).map((name) => String(value[name]))),
  ];
  try {
    texts.push(inspect(structuredClone(value), { depth: 10, showHidden: true }));
  } catch {
    // What can't be cloned shows nothing that way.
  }
  for (let at = value; at instanceof Error; at = at.cause) texts.push(at.stack ?? '', at.message);
  return texts.join('\n');
}

/** What `console.log` and its kin print. */
function printed(value) {
  const lines = [];
  const into = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const own = new Console({ stdout: into, stderr: into });
  own.log(value);
  own.error(value);
  own.dir(value, { depth: 10, showHidden: true });
  own.table([value]);
  return lines.join('');
}

function assertClean(value, secrets, what) {
  const text = shown(value);
  for (const secret of secrets) assert.ok(!text.includes(secret), `${what} shows ${secret}:\n${text}`);
}

/** An authorization server and API that echo whatever they are sent into every error. */
async function echoing() {
  let mode = 'good';
  const origin = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url.startsWith('/.well-known')) return response.writeHead(404).end();
    const token = request.url === '/oauth/token';
    if (mode === 'good' && token) {
      return json(response, {
        access_token: 'MARK-access-token',
        token_type: 'Bearer',
        refresh_token: 'MARK-refresh-token',
        expires_in: 3600,
        scope: 'accounts',
      });
    }
    const escaped = (text) =>
      Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    const echo = `${JSON.stringify(request.headers)} ${decodeURIComponent(body)} ${body} ${IBAN} ${PAN}`;
    if (mode === 'html')
      return response.writeHead(502, { 'content-type': 'text/html' }).end(`<p>${echo}</p>`);
    if (mode === 'long') return response.writeHead(500).end('.'.repeat(100) + echo);
    if (mode === 'cut') return json(response, `{"x": "${echo}`);
    if (mode === 'escaped') {
      response.writeHead(400, { 'content-type': 'application/json' });
      return response.end(
        `{"error":"invalid_request","error_description":"${escaped(echo)}","timestamp":"${IBAN}"}`,
      );
    }
    response.writeHead(400, {
      'content-type': 'application/json',
      'x-request-id': request.headers.authorization ?? 'r',
    });
    response.end(JSON.stringify({ error: 'invalid_request', error_description: echo }));
  });
  return {
    origin,
    set(next) {
      mode = next;
    },
  };
}

test('no error, event, printed client or session shows a secret, whatever the server echoes', async () => {
  const server = await echoing();
  const events = [];
  const client = await createClient({
    environment: { baseUrl: `${server.origin}/aisp/v1` },
    clientId: 'test',
    clientSecret: 'MARK-client-secret',
    redirectUri: REDIRECT_URI,
    scope: ['accounts'],
    onEvent: (event) => events.push(event),
  });
  const basic = Buffer.from('test:MARK-client-secret').toString('base64');
  const secrets = ['MARK-', basic, IBAN, PAN];
  const begin = async () => {
    const { url, pending } = await client.beginAuthorization();
    secrets.push(pending.codeVerifier);
    assert.ok(!url.includes(pending.codeVerifier));
    return [`${REDIRECT_URI}?code=MARK-code&state=${pending.state}`, pending];
  };
  const outputs = [client, events, client.rateLimit];
  for (const mode of ['html', 'long', 'cut', 'json', 'escaped']) {
    const [callback, pending] = await begin();
    server.set(mode);
    outputs.push(await rejection(client.completeAuthorization(callback, pending)));
    server.set('good');
  }
  const [callback, pending] = await begin();
  const session = await client.completeAuthorization(callback, pending);
  outputs.push(session, session.accounts(), await rejection(client.completeAuthorization(callback, pending)));
  for (const mode of ['html', 'long', 'cut', 'json', 'escaped']) {
    server.set(mode);
    for (const name of ['accounts', 'account', 'refresh', 'revoke']) {
      outputs.push(
        await rejection(session[name](name === 'account' ? 'a' : undefined)).catch((error) => error),
      );
    }
  }
  outputs.push(await rejection(session.accounts({ signal: AbortSignal.abort('no') })));
  outputs.push(await rejection(session.accounts({ deadlineMs: 1 })));
  outputs.push(session.toJSON(), client.debugBundle(), structuredClone(client.debugBundle()));
  assert.ok(client.debugBundle().events.length > 30);
  assert.equal(client.debugBundle().options.clientSecret, '[set]');
  assert.ok(outputs.length > 20 && events.length > 30);
  for (const output of outputs) assertClean(output, secrets, output?.constructor?.name);
});

test('a fetch that fails with the request in its error leaks none of it', async () => {
  const leaky = async (url, init) => {
    throw Object.assign(new TypeError(`failed ${url} ${JSON.stringify(init.headers)}`), {
      config: init,
      request: { init },
    });
  };
  const sandbox = await sandboxForFile();
  let fetchNow = fetch;
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.server.clientId,
    clientSecret: sandbox.clients.server.clientSecret,
    redirectUri: REDIRECT_URI,
    fetch: (url, init) => fetchNow(url, init),
  });
  const { url, pending } = await client.beginAuthorization();
  let token;
  fetchNow = async (url, init) => {
    const response = await fetch(url, init);
    const text = await response.text();
    token = JSON.parse(text).access_token;
    return new Response(text, { status: response.status });
  };
  const session = await client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
  fetchNow = leaky;
  const error = await rejection(session.accounts());
  assert.equal(error.name, 'NetworkError');
  assert.ok(token.length > 20);
  assertClean(error, [token, sandbox.clients.server.clientSecret], 'NetworkError');
});

test('models hold their data unmasked: masking is for errors and events', async () => {
  const sandbox = await sandboxForFile();
  const client = await createClient({
    environment: { baseUrl: sandbox.baseUrl },
    clientId: sandbox.clients.web.clientId,
    redirectUri: REDIRECT_URI,
  });
  const { url, pending } = await client.beginAuthorization();
  const session = await client.completeAuthorization(await approve(url, { user: 'anna' }), pending);
  assert.match((await session.account('acc_anna_current')).iban, /^DE\d{20}$/);
});
