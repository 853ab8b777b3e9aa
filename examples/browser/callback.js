// Takes the callback's parameters out of the address bar before anything else runs: no log, history or Referer gets the code.
// Rule: `docs/security.md#clean-address-bar`.

/** The URL that the customer came back by; null where this is no callback. */
export const callbackUrl = take();

function take() {
  const url = new URL(location.href);
  const isCallback = ['code', 'error', 'state'].some((name) => url.searchParams.has(name));
  if (!isCallback) return null;
  history.replaceState(null, '', url.pathname);
  return url.href;
}
