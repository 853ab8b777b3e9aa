// What the SDK does in every runtime: the whole flow against the sandbox. Plain JavaScript and `fetch`, so that it runs anywhere;
// the harness at `url` gives the settings, is the customer, and takes the results.

/** Runs every behaviour with this copy of the SDK and reports to the harness. */
export async function runSuite(sdk, url) {
  const results = [];
  try {
    const suite = new Suite(sdk, url, await (await fetch(url)).json());
    for (const [name, behaviour] of Object.entries(behaviours)) {
      const failure = await behaviour(suite).then(() => undefined, describe);
      results.push({ name, failure });
    }
  } catch (error) {
    results.push({ name: 'the suite starts', failure: describe(error) });
  }
  await post(`${url}/results`, JSON.stringify(results));
}

class Suite {
  constructor(sdk, url, settings) {
    Object.assign(this, { sdk, url, ...settings });
  }

  client = (options) =>
    this.sdk.createClient({
      environment: { baseUrl: this.baseUrl },
      clientId: this.web.clientId,
      redirectUri: 'http://127.0.0.1:9/callback',
      ...options,
    });

  /** A client with a session of the customer Anna. */
  async connect(options) {
    const client = await this.client(options);
    const { url, pending } = await client.beginAuthorization();
    const callbackUrl = await post(`${this.url}/consent`, url);
    return {
      client,
      session: await client.completeAuthorization(callbackUrl, pending),
      callbackUrl,
      pending,
    };
  }

  /** The next request for this path is never answered. */
  hang = (path) => post(`${this.url}/hang`, path);
}

/** Each stands alone, so that one failure is one. */
const behaviours = {
  async 'a customer connects with PKCE, and the ID token is verified'(suite) {
    const { session, client, callbackUrl, pending } = await suite.connect();
    equal(session.scope, ['openid', 'accounts', 'offline_access']);
    const again = await rejection(client.completeAuthorization(callbackUrl, pending));
    ok(again instanceof suite.sdk.AuthorizationError, again);
  },

  async 'accounts and balances come as the sandbox has them, exact'(suite) {
    const { session } = await suite.connect();
    const ids = [];
    for await (const account of session.accounts()) ids.push(account.accountId);
    equal(ids, ['acc_anna_current', 'acc_anna_savings', 'acc_anna_pln']);
    const { data, status, requestId } = await session.balances('acc_anna_pln').withResponse();
    equal([status, typeof requestId], [200, 'string']);
    const { amount, currency } = data.items[0].balanceAmount;
    ok(/^-?\d+\.\d\d$/.test(amount), amount);
    equal(suite.sdk.Money.add({ amount, currency }, { amount: '0.01', currency: 'PLN' }).currency, 'PLN');
  },

  async 'transactions are read page by page, and resumed from a checkpoint'(suite) {
    const { session } = await suite.connect();
    const query = { status: 'booked', limit: 20 };
    const whole = await session.transactions('acc_anna_pln', query).all({ limit: 60 });
    equal(new Set(whole.map(({ key }) => key)).size, 60);
    const { items, checkpoint } = await session.transactions('acc_anna_pln', query);
    const rest = await session.transactions('acc_anna_pln', { ...query, checkpoint }).all({ limit: 40 });
    equal([...items, ...rest], whole);
  },

  async 'tokens are refreshed, and a session is found again in its store'(suite) {
    const tokenStore = suite.sdk.memoryStore();
    const { session } = await suite.connect({ tokenStore });
    await session.refresh();
    const again = await (await suite.client({ tokenStore })).session();
    equal((await again.account('acc_anna_pln')).currency, 'PLN');
  },

  async 'DPoP binds the tokens to a key of this runtime'(suite) {
    const { session } = await suite.connect({ dpop: true });
    await session.refresh();
    equal((await session.accounts()).items.length, 3);
  },

  async 'a pending authorization is kept in a browser, and taken once'(suite) {
    const client = await suite.client();
    const { pending } = await client.beginAuthorization();
    const store = suite.sdk.pendingStore();
    // jsdom and happy-dom look like a browser and have none.
    if (!('indexedDB' in globalThis)) {
      const error = await rejection(store.save(pending));
      equal([error.name, error.code], ['ConfigurationError', 'pending_store_failed']);
      return;
    }
    await store.save({ ...pending, key: 'user-42' });
    const callbackUrl = `http://127.0.0.1:9/callback?code=c&state=${pending.state}`;
    equal(await store.take(callbackUrl), { ...pending, key: 'user-42' });
    equal(await store.take(callbackUrl), null);
  },

  async 'an error has its class, code, status and request id'(suite) {
    const { AispError, ApiError, ConfigurationError } = suite.sdk;
    const { session } = await suite.connect();
    const error = await rejection(session.account('acc_nobody'));
    ok(error instanceof ApiError && error instanceof AispError && error instanceof Error, error);
    ok(!(error instanceof ConfigurationError), error);
    equal([error.name, error.code, error.status], ['ApiError', 'account_not_found', 404]);
    equal(typeof error.requestId, 'string');
  },

  async 'an error shows the functions that called, also of a page that was fetched ahead'(suite) {
    let sent = 0;
    const { session } = await suite.connect({
      maxRetries: 0,
      fetch: (url, init) =>
        fetch(/transactions/.test(url) && ++sent === 2 ? `${suite.baseUrl}/nothing` : url, init),
    });
    async function callOfTheApplication() {
      await session.account('acc_nobody');
    }
    async function loopOfTheApplication() {
      for await (const { key } of session.transactions('acc_anna_pln', { limit: 20 })) ok(key !== '', key);
    }
    for (const work of [callOfTheApplication, loopOfTheApplication]) {
      const error = await rejection(work());
      ok(error instanceof suite.sdk.ApiError && error.stack.includes(work.name), error);
      ok(error.stack.startsWith('ApiError') || !error.stack.includes('Error'), error);
    }
    equal(sent, 2);
  },

  async 'a server that is not there is a NetworkError'(suite) {
    const { session } = await suite.connect({
      maxRetries: 0,
      fetch: (url, init) => fetch(url.includes('/accounts') ? 'http://127.0.0.1:9/' : url, init),
    });
    const error = await rejection(session.accounts());
    ok(error instanceof suite.sdk.NetworkError && error.retryable, error);
  },

  async 'a call is aborted while the server is silent, with the reason as its cause'(suite) {
    const { session } = await suite.connect();
    const controller = new AbortController();
    const reason = { customer: 'left' };
    await suite.hang('/aisp/v1/accounts/acc_anna_savings');
    setTimeout(() => controller.abort(reason), 50);
    const error = await rejection(session.account('acc_anna_savings', { signal: controller.signal }));
    ok(error instanceof suite.sdk.AbortError && error.cause === reason, error);
    equal((await session.account('acc_anna_pln')).accountId, 'acc_anna_pln');
  },

  async 'a silent server is given up after timeoutMs'(suite) {
    const { session } = await suite.connect({ maxRetries: 0 });
    await suite.hang('/aisp/v1/accounts/acc_anna_current');
    const error = await rejection(session.account('acc_anna_current', { timeoutMs: 100 }));
    ok(error instanceof suite.sdk.TimeoutError, error);
  },

  async 'a revoked session is gone'(suite) {
    const { client, session } = await suite.connect();
    await session.revoke();
    equal(await client.session(), null);
    const error = await rejection(session.accounts());
    ok(error instanceof suite.sdk.OAuthError && error.reauthRequired, error);
  },

  async 'a secret works on a server and is refused in a browser'(suite) {
    const { clientId, clientSecret } = suite.server;
    if (suite.inBrowser) {
      const error = await rejection(suite.client({ clientId, clientSecret }));
      equal(error.code, 'secret_in_browser');
    }
    if (!suite.inBrowser || suite.serverProcess) {
      const runtime = suite.inBrowser ? 'server' : undefined;
      const { session } = await suite.connect({ clientId, clientSecret, runtime });
      equal((await session.accounts()).items.length, 3);
    }
  },
};

/** What a full run reports on. */
export const names = Object.keys(behaviours);

/** As plain text, so that a page of another origin need not ask first. */
async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

async function rejection(work) {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('It should have failed.');
}

function ok(truth, shown) {
  if (!truth) throw new Error(`Not so: ${describe(shown)}`);
}

function equal(actual, expected) {
  const [is, due] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== due) throw new Error(`${is} where ${due} is due`);
}

function describe(error) {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (cause: ${String(error.cause)})`;
  return `${error.name} ${error.code ?? ''}: ${error.message}${cause}\n${error.stack}`;
}
