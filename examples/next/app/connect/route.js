// Begins a connection.
import { bank } from '../../lib/bank.js';
import { foreignForm, isOwnForm, ownPath, seeOther, visitor } from '../../lib/visitor.js';

export async function POST(request) {
  if (!isOwnForm(request)) return foreignForm();
  const cookie = await visitor();
  const { url, pending } = await (await bank()).beginAuthorization();
  cookie.pending = pending;
  cookie.returnTo = ownPath((await request.formData()).get('returnTo'));
  await cookie.save();
  return seeOther(url);
}
