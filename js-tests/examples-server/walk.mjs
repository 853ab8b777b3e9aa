/** What every server example has to do, checked as a visitor of it would. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { approve, deny } from '@oakford/aisp-sandbox/testing';
import { freePort, temporaryFolder } from '../support/machine.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';
import { until } from '../support/time.mjs';
import { Visitor } from '../support/visitor.mjs';

/** Starts an example in its folder and gives its origin. */
export async function startExample(
  sandbox,
  { cwd, args = ['server.js'], program = process.execPath, appOrigin, ...options },
) {
  const port = options.port ?? (await freePort());
  const origin = `http://localhost:${port}`;
  // First of all hooks, so that the server no longer writes where the next one removes its folder.
  let server;
  after(async () => {
    if (server?.kill()) await once(server, 'exit');
  });
  server = spawn(program, args, {
    cwd,
    env: {
      ...process.env,
      PORT: String(port),
      APP_ORIGIN: appOrigin ?? origin,
      // As SvelteKit calls it.
      ORIGIN: appOrigin ?? origin,
      OAKFORD_BASE_URL: sandbox.baseUrl,
      OAKFORD_CLIENT_ID: sandbox.clients.server.clientId,
      OAKFORD_CLIENT_SECRET: sandbox.clients.server.clientSecret,
      COOKIE_PASSWORD: 'a password of the tests, of 32 characters or more',
      SESSIONS: temporaryFolder(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text));
  const answers = () =>
    fetch(origin, { signal: AbortSignal.timeout(5_000) }).then(
      () => true,
      () => false,
    );
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`The example ended:\n${output}`);
    return answers();
  });
  return origin;
}

/** Walks through a running example. */
export async function walk(name, start) {
  const sandbox = await sandboxForFile();
  const origin = await start(sandbox);
  const location = (response) => response.headers.get('location');
  const path = (response) => new URL(location(response), origin).href.replace(origin, '');

  /** From the start page to the callback's answer. */
  async function connect(visitor, fields, customer = { user: 'anna' }) {
    const begun = await visitor.post('/connect', fields);
    assert.equal(begun.status, 303);
    return visitor.get(await approve(location(begun), customer));
  }

  test(`${name}: a visitor connects, reads the accounts and disconnects`, async () => {
    const visitor = new Visitor(origin);
    assert.match(await (await visitor.get('/')).text(), /Connect your bank/);
    const back = await connect(visitor, { returnTo: '/accounts' });
    assert.deepEqual([back.status, path(back)], [303, '/accounts']);
    const accounts = await (await visitor.get('/accounts')).json();
    assert.deepEqual(
      accounts.map(({ accountId }) => accountId),
      ['acc_anna_current', 'acc_anna_savings', 'acc_anna_pln'],
    );
    assert.equal((await visitor.post('/disconnect')).status, 303);
    assert.equal(path(await visitor.get('/accounts')), '/');
    assert.equal(sandbox.requests.count({ path: '/oauth/revoke' }), 1);
  });

  test(`${name}: a visitor whose User-Agent is not ASCII reads the accounts, and it is not sent on`, async () => {
    for (const [userAgent, sent] of [
      ['Mozilla/5.0 (Ger\u00e4t)', undefined],
      ['Mozilla/5.0\t(X11)', undefined],
      ['Mozilla/5.0 (X11)', 'Mozilla/5.0 (X11)'],
    ]) {
      const visitor = new Visitor(origin, { 'user-agent': userAgent });
      await connect(visitor);
      sandbox.requests.clear();
      assert.equal((await visitor.get('/accounts')).status, 200, userAgent);
      const [{ headers }] = sandbox.requests.filter({ path: '/aisp/v1/accounts' });
      assert.equal(headers['psu-user-agent'], sent);
    }
  });

  test(`${name}: two visitors have sessions of their own`, async () => {
    const [anna, james, nobody] = [new Visitor(origin), new Visitor(origin), new Visitor(origin)];
    await connect(anna, {}, { user: 'anna' });
    await connect(james, {}, { user: 'james' });
    for (const [visitor, prefix] of [
      [anna, 'acc_anna'],
      [james, 'acc_james'],
    ]) {
      const accounts = await (await visitor.get('/accounts')).json();
      assert.ok(accounts.length > 0 && accounts.every(({ accountId }) => accountId.startsWith(prefix)));
    }
    assert.equal(path(await nobody.get('/accounts')), '/');
  });

  test(`${name}: the cookie is HttpOnly and SameSite=Lax, and shows neither tokens nor the pending authorization`, async () => {
    const visitor = new Visitor(origin);
    const begun = await visitor.post('/connect');
    const state = new URL(location(begun)).searchParams.get('state');
    const cookies = await visitor.cookies();
    assert.ok(cookies.length > 0);
    for (const cookie of cookies) {
      assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'lax', '/']);
      assert.ok(!cookie.value.includes(state));
    }
  });

  test(`${name}: where the site is served over https the cookie is Secure`, async () => {
    const appOrigin = 'https://app.example';
    const behindProxy = await start(sandbox, appOrigin);
    const begun = await fetch(`${behindProxy}/connect`, {
      method: 'POST',
      body: new URLSearchParams({}),
      headers: { origin: appOrigin },
      redirect: 'manual',
    });
    assert.equal(new URL(location(begun)).searchParams.get('redirect_uri'), `${appOrigin}/callback`);
    for (const cookie of begun.headers.getSetCookie()) assert.match(cookie, /; Secure/i);
  });

  test(`${name}: a form of another site is refused`, async () => {
    const visitor = new Visitor(origin);
    const refused = await visitor.post('/connect', {}, 'https://evil.example');
    assert.equal(refused.status, 403);
    await connect(visitor);
    assert.equal((await visitor.post('/disconnect', {}, 'https://evil.example')).status, 403);
    assert.equal((await visitor.get('/accounts')).status, 200);
  });

  test(`${name}, no-redirector: after connecting nobody is sent to another site`, async () => {
    for (const returnTo of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      '\thttps://evil.example',
    ]) {
      const back = await connect(new Visitor(origin), { returnTo });
      assert.equal(new URL(location(back), origin).origin, origin, returnTo);
    }
  });

  test(`${name}, own-transaction: a callback without an authorization begun in this browser is refused, and so is one used twice`, async () => {
    const [attacker, victim] = [new Visitor(origin), new Visitor(origin)];
    const callback = await approve(location(await attacker.post('/connect')), { user: 'james' });
    const unknown = await victim.get(callback);
    assert.equal(unknown.status, 400);
    assert.match(unknown.headers.get('content-type'), /^text\/html/i);
    assert.match(await unknown.text(), /<a href="\/">Begin again<\/a>/);
    await victim.post('/connect');
    assert.ok((await victim.get(callback)).status >= 400, 'nor where another one is pending');
    assert.equal(path(await victim.get('/accounts')), '/');
    assert.equal((await attacker.get(callback)).status, 303);
    assert.ok((await attacker.get(callback)).status >= 400);
  });

  test(`${name}: a customer who refuses, or whose consent ends, is asked to connect again`, async () => {
    const visitor = new Visitor(origin);
    const begun = await visitor.post('/connect');
    const refused = await visitor.get(await deny(location(begun)));
    assert.equal(refused.status, 401);
    assert.match(await refused.text(), /connect your bank again/);
    await connect(visitor);
    sandbox.consents.revoke();
    assert.equal((await visitor.get('/accounts')).status, 401);
    await connect(visitor);
    assert.equal((await visitor.get('/accounts')).status, 200);
  });
}
