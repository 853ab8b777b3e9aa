// Who may read and steer a running sandbox: programs and its own page, but no page of another origin.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { launchChromium } from '../browser/chromium.mjs';
import { startSandbox } from '../support/sandbox.mjs';
import { send } from './plain-client.js';

/** Spellings of a control's path that a lenient router could take for the control. */
const SPELLINGS = [
  '/_sandbox/NAME',
  '/_SANDBOX/NAME',
  '/_Sandbox/NAME/',
  '//_sandbox/NAME',
  '/_sandbox//NAME',
  '/%5fsandbox/NAME',
  '/%5F%53andbox/NAME',
  '/_sandbox;x=1/NAME',
  '/_sandbox/NAME;x',
  '/\\_sandbox\\NAME',
  '/_sandbox/%4eAME',
  'http://127.0.0.1/_sandbox/NAME',
  'HTTP://app.example/_SANDBOX/NAME',
];

const FAULT = JSON.stringify({ fault: 'status', times: null });
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What a foreign page's request looks like: of a browser of today, of one without Fetch Metadata, of a sandboxed frame. */
const FOREIGN = [
  {
    Origin: 'https://app.example',
    'Sec-Fetch-Site': 'cross-site',
    'Sec-Fetch-Mode': 'cors',
    'Sec-Fetch-Dest': 'empty',
  },
  { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' },
  { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
  { Origin: 'https://app.example' },
  { Origin: 'http://localhost:5173' },
  { Origin: 'null' },
];

describe('the controls', () => {
  let sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  it('foreign page: is refused and learns nothing, however the path is written', async () => {
    for (const spelling of SPELLINGS) {
      for (const foreign of FOREIGN) {
        const label = `${spelling} ${JSON.stringify(foreign)}`;
        for (const name of ['info', 'clock', 'requests', 'events']) {
          const { status, headers, text } = await send(
            sandbox,
            'GET',
            spelling.replace('NAME', name),
            foreign,
          );
          assert.equal(status, 403, label);
          assert.equal(headers['access-control-allow-origin'], undefined, label);
          assert.doesNotMatch(text, /sandbox-server-secret|offset_ms|"requests"/, label);
        }
        const path = spelling.replace('NAME', 'faults');
        for (const type of ['application/json', 'text/plain'])
          assert.equal(
            (await send(sandbox, 'POST', path, { ...foreign, 'Content-Type': type }, FAULT)).status,
            403,
            label,
          );
        assert.equal((await send(sandbox, 'DELETE', path, foreign)).status, 403, label);
      }
    }
    assert.deepEqual(sandbox.faults.list(), []);
  });

  it('foreign page: a preflight grants nothing', async () => {
    for (const spelling of SPELLINGS) {
      const { status, headers } = await send(sandbox, 'OPTIONS', spelling.replace('NAME', 'faults'), {
        Origin: 'https://app.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      });
      assert.equal(status, 403, spelling);
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        [],
        spelling,
      );
    }
  });

  it('foreign page: a link opens the control page', async () => {
    const link = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    };
    assert.equal((await send(sandbox, 'GET', '/_sandbox', link)).status, 200);
    assert.equal(
      (await send(sandbox, 'POST', '/_sandbox/faults', { ...link, ...JSON_TYPE }, FAULT)).status,
      403,
    );
  });

  it('a spelling that is none of the router reaches no control and no other route', async () => {
    for (const spelling of SPELLINGS.slice(3)) {
      const { status, text } = await send(sandbox, 'GET', spelling.replace('NAME', 'info'));
      if (!spelling.toLowerCase().startsWith('http')) assert.equal(status, 404, spelling);
      else assert.match(text, /sandbox-server-secret/);
    }
    assert.equal(sandbox.requests.length, 0);
  });

  it('own page and programs: are answered', async () => {
    const own = [
      {},
      { Origin: sandbox.origin },
      { Origin: sandbox.origin, 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
      { Host: `localhost:${sandbox.port}`, Origin: `http://localhost:${sandbox.port}` },
    ];
    for (const headers of own) {
      assert.equal((await send(sandbox, 'GET', '/_sandbox/info', headers)).status, 200);
      const { status } = await send(sandbox, 'POST', '/_sandbox/faults', { ...headers, ...JSON_TYPE }, FAULT);
      assert.equal(status, 201);
      assert.equal((await send(sandbox, 'DELETE', '/_sandbox/faults', headers)).status, 200);
    }
  });

  it('a host name that DNS rebinding leads here is refused', async () => {
    for (const Host of [
      'app.example',
      `app.example:${sandbox.port}`,
      '127.0.0.1.app.example',
      'localhost.',
      'sandbox',
    ]) {
      for (const path of ['/_sandbox/info', '/_SANDBOX/info', '/aisp/v1/accounts'])
        assert.equal(
          (await send(sandbox, 'GET', path, { Host, Origin: `http://${Host}` })).status,
          421,
          Host,
        );
    }
  });
});

describe('the controls in Chromium', () => {
  let sandbox;
  let foreign;
  let browser;
  before(async () => {
    sandbox = await startSandbox();
    foreign = createServer((_request, response) =>
      response.setHeader('Content-Type', 'text/html').end('<p>A page'),
    );
    await new Promise((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    foreign.closeAllConnections();
    foreign.close();
    await sandbox.close();
  });

  /** Tries to read and to steer the sandbox in all ways that a page has; gives what it could read. */
  async function attack(origin, spellings) {
    const given = [];
    for (const spelling of spellings) {
      const url = (name) => origin + spelling.replace('NAME', name);
      const body = JSON.stringify({ fault: 'status', times: null });
      const attempts = [
        () => fetch(url('info')),
        () => fetch(url('requests'), { credentials: 'include' }),
        () => fetch(url('info'), { mode: 'no-cors' }),
        () => fetch(url('faults'), { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }),
        () => fetch(url('faults'), { method: 'POST', body }),
        () => fetch(url('faults'), { method: 'POST', body, mode: 'no-cors' }),
        () => fetch(url('faults'), { method: 'DELETE' }),
        () =>
          new Promise((resolve, reject) => {
            const source = new EventSource(url('events'));
            source.onopen = () => resolve(new Response('events'));
            source.onerror = () => source.close() ?? reject(new Error('refused'));
          }),
        () =>
          new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.src = url('info');
            script.onload = () => resolve(new Response('script'));
            script.onerror = () => reject(new Error('refused'));
            document.head.append(script);
          }),
        () =>
          new Promise((resolve) => {
            const frame = document.createElement('iframe');
            const form = document.createElement('form');
            Object.assign(frame, { name: 'target', onload: () => resolve(new Response('')) });
            document.body.append(frame, form);
            Object.assign(form, {
              action: url('faults'),
              method: 'post',
              enctype: 'text/plain',
              target: 'target',
            });
            form.append(
              Object.assign(document.createElement('input'), { name: body.slice(0, -1), value: '}' }),
            );
            form.submit();
          }),
      ];
      for (const attempt of attempts) {
        const text = await attempt().then(
          (response) => response.text(),
          () => '',
        );
        if (text) given.push(`${attempt}: ${text}`);
      }
    }
    return given;
  }

  // Not those that no page can send: a browser normalizes them.
  const sendable = SPELLINGS.filter((spelling) => spelling.startsWith('/'));

  it('foreign page: can neither read nor steer, on another port and on another site', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const name of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${name}:${foreign.address().port}/`);
      assert.deepEqual(
        await page.evaluate(`(${attack})(${JSON.stringify(sandbox.origin)}, ${JSON.stringify(sendable)})`),
        [],
      );
    }
    assert.deepEqual(sandbox.faults.list(), []);
    await context.close();
  });

  it('own page: reads and steers; a foreign page that opened it can not look in', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://localhost:${foreign.address().port}/`);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => {
        globalThis.opened = open(url);
      }, `${sandbox.origin}/_sandbox`),
    ]);
    await opened.getByText('Live', { exact: true }).waitFor();
    assert.match(
      await page.evaluate(() => {
        try {
          return globalThis.opened.document.body.textContent;
        } catch (error) {
          return error.name;
        }
      }),
      /SecurityError/,
    );
    await opened.getByRole('switch', { name: 'Slow, always' }).click();
    await opened.getByRole('switch', { name: 'Slow, always', checked: true }).waitFor();
    assert.equal(sandbox.faults.list().length, 1);
    sandbox.faults.clear();
    await context.close();
  });
});
