// The accounts as JSON.
import { json, redirect } from '@sveltejs/kit';
import { answer, bank } from '#lib/server/bank.js';
import { visitorOf } from '#lib/server/visitor.js';

export async function GET({ cookies, request, getClientAddress }) {
  const { key } = visitorOf(cookies);
  return answer(async () => {
    const session = key ? await (await bank()).session(key) : null;
    if (session === null) redirect(303, '/');
    // The customer is present, so that the bank does not count the call among its unattended ones.
    const psu = { ipAddress: getClientAddress(), userAgent: request.headers.get('user-agent') ?? undefined };
    return json(await session.accounts({ psu }).all({ limit: 100 }));
  });
}
