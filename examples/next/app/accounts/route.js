// The visitor's accounts.
import { bank, refusal } from '../../lib/bank.js';
import { seeOther, visitor } from '../../lib/visitor.js';

export async function GET(request) {
  const { key } = await visitor();
  try {
    const session = key ? await (await bank()).session(key) : null;
    if (!session) return seeOther('/');
    const psu = { userAgent: request.headers.get('user-agent') ?? undefined };
    return Response.json(await session.accounts({ psu }).all({ limit: 100 }));
  } catch (error) {
    return refusal(error);
  }
}
