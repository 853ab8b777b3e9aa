// A bank connection in Express: connect, come back, read the accounts, disconnect.
import { randomUUID } from 'node:crypto';
import { AispError, createClient } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import express from 'express';
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
const cookieOf = (req, res) =>
  getIronSession(req, res, {
    cookieName: 'app',
    password: COOKIE_PASSWORD, // 32 characters or more, the same on every server
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: ORIGIN.startsWith('https:'), path: '/' },
  });

const app = express();
app.use(express.urlencoded({ extended: false }));

// CSRF: a form of another site can't connect or disconnect anybody.
app.use((req, res, next) => {
  if (req.method === 'GET' || req.get('origin') === ORIGIN) next();
  else res.status(403).send('This form belongs to another site.');
});

app.get('/', async (req, res) => {
  const { key } = await cookieOf(req, res);
  res.send(
    key
      ? '<a href="/accounts">Accounts</a> <form method="post" action="/disconnect"><button>Disconnect</button></form>'
      : '<form method="post" action="/connect"><button>Connect your bank</button></form>',
  );
});

app.post('/connect', async (req, res) => {
  const cookie = await cookieOf(req, res);
  const { url, pending } = await client.beginAuthorization();
  cookie.pending = pending;
  cookie.returnTo = ownPath(req.body?.returnTo);
  await cookie.save();
  res.redirect(303, url);
});

app.get('/callback', async (req, res) => {
  const cookie = await cookieOf(req, res);
  const { pending, returnTo = '/' } = cookie;
  // An app with users of its own takes the user's id. Connecting again under the same key replaces the session.
  const key = cookie.key ?? randomUUID();
  delete cookie.pending;
  delete cookie.returnTo;
  await cookie.save();
  if (!pending) return res.status(400).send('No connection began here. <a href="/">Begin again</a>');
  await client.completeAuthorization(new URL(req.originalUrl, ORIGIN), pending, { key });
  cookie.key = key;
  await cookie.save();
  res.redirect(303, returnTo);
});

app.get('/accounts', async (req, res) => {
  const { key } = await cookieOf(req, res);
  const session = key ? await client.session(key) : null;
  if (!session) return res.redirect(303, '/');
  const psu = { ipAddress: req.ip, userAgent: req.get('user-agent') };
  res.json(await session.accounts({ psu }).all({ limit: 100 }));
});

app.post('/disconnect', async (req, res) => {
  const cookie = await cookieOf(req, res);
  const session = cookie.key ? await client.session(cookie.key) : null;
  await session?.revoke();
  cookie.destroy();
  res.redirect(303, '/');
});

app.use((error, _req, res, next) => {
  if (!(error instanceof AispError)) return next(error);
  const again = error.reauthRequired || error.name === 'AuthorizationError';
  console.error(error.name, error.code, error.requestId);
  res
    .status(again ? 401 : 502)
    .send(again ? 'Please <a href="/">connect your bank again</a>.' : 'Please try again later.');
});

/** Open redirects: only a path of this site is a place to return to. */
function ownPath(path) {
  if (typeof path !== 'string' || !URL.canParse(path, ORIGIN)) return '/';
  const { origin, pathname, search } = new URL(path, ORIGIN);
  return origin === ORIGIN && !pathname.startsWith('//') ? pathname + search : '/';
}

app.listen(Number(PORT), 'localhost', () => console.log(`Open ${ORIGIN}`));
