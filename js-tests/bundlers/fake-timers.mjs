// Calls under fake timers, for test runners whose APIs differ. Plain JavaScript that Jest takes as CommonJS.

const ACCOUNT = {
  account_id: 'a',
  currency: 'EUR',
  account_type: 'current',
  provider: { provider_id: 'p' },
};

/** Makes the tests. `timers`: `fake(kind)`, `real()`, `advance(ms)`; `kinds`: by name, what the runner's `fake` takes. */
export function testFakeTimers({ sdk, test, afterEach, expect, timers, kinds }) {
  afterEach(timers.real);

  for (const [name, kind] of Object.entries(kinds)) {
    for (const dpop of [false, true]) {
      test(`fake timers: calls complete without an advance if ${name} are fake and dpop is ${dpop}`, async () => {
        timers.fake(kind);
        const session = await connect(sdk, server(), { dpop });
        await session.refresh();
        expect((await session.accounts()).items).toHaveLength(1);
      });
    }
  }

  test('fake timers: a client that was made before them goes on, and after them too', async () => {
    const session = await connect(sdk, server());
    for (const change of [() => {}, timers.fake, timers.real]) {
      change();
      expect((await session.accounts()).items).toHaveLength(1);
    }
  });

  test('fake timers: the advance ends an attempt that the server leaves silent', async () => {
    timers.fake();
    const answers = { silent: false };
    const session = await connect(sdk, server(answers), { maxRetries: 0 });
    answers.silent = true;
    let ended;
    const call = session.accounts({ timeoutMs: 5_000 }).then(
      () => {},
      (error) => {
        ended = error.name;
      },
    );
    await timers.advance(4_999);
    expect(ended).toBe(undefined);
    await timers.advance(1);
    await call;
    expect(ended).toBe('TimeoutError');
  });

  test('fake timers: the advance ends the wait before a retry', async () => {
    timers.fake();
    const session = await connect(sdk, server({ failures: 1 }));
    const call = Promise.resolve(session.accounts());
    await timers.advance(30_000);
    expect((await call).items).toHaveLength(1);
  });
}

/** A `fetch` without network and timers; the API fails as often as `answers.failures` says, or is `silent`. */
function server(answers = {}) {
  const token = ({ headers }) => ({
    access_token: 'a',
    token_type: headers.dpop ? 'DPoP' : 'Bearer',
    refresh_token: 'r',
    expires_in: 3600,
    scope: 'accounts offline_access',
  });
  return async (url, init) => {
    if (answers.silent) await aborted(init.signal);
    const path = new URL(url).pathname;
    if (path.endsWith('/token')) return Response.json(token(init));
    if (!path.endsWith('/accounts')) return new Response('', { status: 404 });
    if (answers.failures-- > 0) return new Response('', { status: 503 });
    return Response.json({ accounts: [ACCOUNT] });
  };
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** Connects a customer of that server. */
async function connect({ createClient }, fetch, options) {
  const redirectUri = 'https://app.example/callback';
  const scope = ['accounts', 'offline_access'];
  const common = { environment: 'sandbox', clientId: 'app', redirectUri, scope, fetch };
  const client = await createClient({ ...common, ...options });
  const { pending } = await client.beginAuthorization();
  return client.completeAuthorization(`${redirectUri}?code=c&state=${pending.state}`, pending);
}
