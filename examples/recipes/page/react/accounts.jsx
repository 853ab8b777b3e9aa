// The component: a button to connect, what is under way, and the accounts.
import { useBank } from './use-bank.js';

export function Accounts({ bank }) {
  const { status, accounts, error, connect, disconnect } = useBank(bank);
  if (status === 'loading') return <p role="status">Loading…</p>;
  if (status === 'completing') return <p role="status">Completing the connection…</p>;
  if (status !== 'connected') {
    return (
      <>
        {error && <p role="alert">{error.message}</p>}
        <button type="button" onClick={connect}>
          {error ? 'Begin again' : 'Connect your bank'}
        </button>
      </>
    );
  }
  return (
    <>
      <ul>
        {accounts.map(({ accountId, displayName, name, iban }) => (
          <li key={accountId}>
            {displayName ?? name ?? accountId} {iban}
          </li>
        ))}
      </ul>
      <button type="button" onClick={disconnect}>
        Disconnect
      </button>
    </>
  );
}
