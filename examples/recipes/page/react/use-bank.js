// The hook: the state of the bank, and what the customer can do.
import { useSyncExternalStore } from 'react';

/** Returns `{ status, accounts, error, connect, disconnect }`. The bank is made outside of components, once for the page. */
export function useBank(bank) {
  const state = useSyncExternalStore(bank.subscribe, bank.getState);
  return { ...state, connect: bank.connect, disconnect: bank.disconnect };
}
