// Where the bank sends the customer back to.
import { randomUUID } from 'node:crypto';
import { bank, notice, refusal } from '../../lib/bank.js';
import { ORIGIN, seeOther, visitor } from '../../lib/visitor.js';

export async function GET(request) {
  const cookie = await visitor();
  const { pending, returnTo = '/' } = cookie;
  // An app with users of its own takes the user's id. Connecting again under the same key replaces the session.
  const key = cookie.key ?? randomUUID();
  delete cookie.pending;
  delete cookie.returnTo;
  await cookie.save();
  if (!pending) return notice('No connection began here. <a href="/">Begin again</a>', 400);
  try {
    const callbackUrl = `${ORIGIN}/callback${request.nextUrl.search}`;
    await (await bank()).completeAuthorization(callbackUrl, pending, { key });
  } catch (error) {
    return refusal(error);
  }
  cookie.key = key;
  await cookie.save();
  return seeOther(returnTo);
}
