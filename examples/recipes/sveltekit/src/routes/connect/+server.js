// Sends the visitor to the bank. SvelteKit refuses forms of other sites.
import { redirect } from '@sveltejs/kit';
import { answer, bank } from '#lib/server/bank.js';
import { ownPath, remember } from '#lib/server/visitor.js';

export async function POST({ request, cookies, url: here }) {
  const returnTo = ownPath((await request.formData()).get('returnTo'), here);
  return answer(async () => {
    const { url, pending } = await (await bank()).beginAuthorization();
    remember(cookies, { pending, returnTo });
    redirect(303, url, { external: [new URL(url).origin] });
  });
}
