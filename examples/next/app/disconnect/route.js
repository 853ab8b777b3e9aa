// Ends a connection, at the bank's side too.
import { bank, refusal } from '../../lib/bank.js';
import { foreignForm, isOwnForm, seeOther, visitor } from '../../lib/visitor.js';

export async function POST(request) {
  if (!isOwnForm(request)) return foreignForm();
  const cookie = await visitor();
  try {
    const session = cookie.key ? await (await bank()).session(cookie.key) : null;
    await session?.revoke();
  } catch (error) {
    return refusal(error);
  }
  cookie.destroy();
  return seeOther('/');
}
