// The start page: connect, or go to the accounts.
import { visitor } from '../lib/visitor.js';

export default async function Page() {
  const { key } = await visitor();
  if (!key) {
    return (
      <form method="post" action="/connect">
        <button type="submit">Connect your bank</button>
      </form>
    );
  }
  return (
    <>
      <a href="/accounts">Accounts</a>
      <form method="post" action="/disconnect">
        <button type="submit">Disconnect</button>
      </form>
    </>
  );
}
