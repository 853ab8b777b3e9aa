// Receives the visitor from the bank.
import { randomUUID } from 'node:crypto';
import { redirect } from '@sveltejs/kit';
import { answer, bank, page } from '#lib/server/bank.js';
import { remember, visitorOf } from '#lib/server/visitor.js';

export async function GET({ url, cookies }) {
  const { pending, returnTo = '/', key = randomUUID() } = visitorOf(cookies);
  if (!pending) return page(400, 'No connection began here. <a href="/">Begin again</a>');
  remember(cookies, { pending: undefined, returnTo: undefined });
  return answer(async () => {
    // An app with users of its own takes the user's id as the key.
    await (await bank()).completeAuthorization(url, pending, { key });
    remember(cookies, { key });
    redirect(303, returnTo);
  });
}
