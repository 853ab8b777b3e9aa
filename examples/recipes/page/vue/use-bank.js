// The composable: the state of the bank as a ref, which ends with its component.
import { onScopeDispose, shallowRef } from 'vue';

/** Returns `{ state, connect, disconnect }`. The bank is made outside of components, once for the page. */
export function useBank(bank) {
  // Shallow: rows of a bank are data, and proxies around ten thousand of them cost time.
  const state = shallowRef(bank.getState());
  const end = bank.subscribe(() => {
    state.value = bank.getState();
  });
  onScopeDispose(end);
  return { state, connect: bank.connect, disconnect: bank.disconnect };
}
