// Revokes the consent at the bank.
import { redirect } from '@sveltejs/kit';
import { answer, bank } from '#lib/server/bank.js';
import { remember, visitorOf } from '#lib/server/visitor.js';

export async function POST({ cookies }) {
  const { key } = visitorOf(cookies);
  return answer(async () => {
    const session = key ? await (await bank()).session(key) : null;
    await session?.revoke();
    remember(cookies, { key: undefined });
    redirect(303, '/');
  });
}
