// A bank connection in Hono: connect, come back, read the accounts, disconnect.
import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { AispError, createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { getIronSession } from 'iron-session';

const {
  OAKFORD_BASE_URL,
  OAKFORD_CLIENT_ID,
  OAKFORD_CLIENT_SECRET,
  COOKIE_PASSWORD,
  PORT = '3000',
} = process.env;
const ORIGIN = process.env.APP_ORIGIN ?? `http://localhost:${PORT}`;

const client = await createClient({
  environment: OAKFORD_BASE_URL ? { baseUrl: OAKFORD_BASE_URL } : 'sandbox',
  clientId: OAKFORD_CLIENT_ID,
  clientSecret: OAKFORD_CLIENT_SECRET,
  redirectUri: `${ORIGIN}/callback`,
  // Sessions stay on the server, by the key that the cookie names; with several servers take redisStore.
  tokenStore: fileStore({ directory: process.env.SESSIONS ?? '.sessions' }),
});

/** The visitor's cookie: encrypted, out of reach of scripts, and sent along when the bank sends the customer back. */
const cookieOf = (c) =>
  getIronSession(c.req.raw, c.res, {
    cookieName: 'app',
    password: COOKIE_PASSWORD, // 32 characters or more, the same on every server
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: ORIGIN.startsWith('https:'), path: '/' },
  });

const app = new Hono();

// A form of another site can't connect or disconnect anybody.
app.use(csrf({ origin: ORIGIN }));

app.get('/', async (c) => {
  const { key } = await cookieOf(c);
  return c.html(
    key
      ? '<a href="/accounts">Accounts</a> <form method="post" action="/disconnect"><button>Disconnect</button></form>'
      : '<form method="post" action="/connect"><button>Connect your bank</button></form>',
  );
});

app.post('/connect', async (c) => {
  const cookie = await cookieOf(c);
  const { returnTo } = await c.req.parseBody();
  const { url, pending } = await client.beginAuthorization();
  cookie.pending = pending;
  cookie.returnTo = ownPath(returnTo);
  await cookie.save();
  return c.redirect(url, 303);
});

app.get('/callback', async (c) => {
  const cookie = await cookieOf(c);
  const { pending, returnTo = '/' } = cookie;
  if (!pending) return c.html('No connection began here. <a href="/">Begin again</a>', 400);
  // An app with users of its own takes the user's id. Connecting again under the same key replaces the session.
  const key = cookie.key ?? randomUUID();
  delete cookie.pending;
  delete cookie.returnTo;
  await cookie.save();
  const { search } = new URL(c.req.url);
  await client.completeAuthorization(`${ORIGIN}/callback${search}`, pending, { key });
  cookie.key = key;
  await cookie.save();
  return c.redirect(returnTo, 303);
});

app.get('/accounts', async (c) => {
  const { key } = await cookieOf(c);
  const session = key ? await client.session(key) : null;
  if (!session) return c.redirect('/', 303);
  const psu = { ipAddress: getConnInfo(c).remote.address, userAgent: c.req.header('user-agent') };
  return c.json(await session.accounts({ psu }).all({ limit: 100 }));
});

app.post('/disconnect', async (c) => {
  const cookie = await cookieOf(c);
  const session = cookie.key ? await client.session(cookie.key) : null;
  await session?.revoke();
  cookie.destroy();
  return c.redirect('/', 303);
});

app.onError((error, c) => {
  if (!(error instanceof AispError)) return error.getResponse?.() ?? c.text('Something went wrong.', 500);
  const again = error.reauthRequired || error.name === 'AuthorizationError';
  console.error(error.name, error.code, error.requestId);
  return again
    ? c.html('Please <a href="/">connect your bank again</a>.', 401)
    : c.text('Please try again later.', 502);
});

/** Open redirects: only a path of this site is a place to return to. */
function ownPath(path) {
  if (typeof path !== 'string' || !URL.canParse(path, ORIGIN)) return '/';
  const { origin, pathname, search } = new URL(path, ORIGIN);
  return origin === ORIGIN && !pathname.startsWith('//') ? pathname + search : '/';
}

serve({ fetch: app.fetch, port: Number(PORT), hostname: 'localhost' }, () => console.log(`Open ${ORIGIN}`));
