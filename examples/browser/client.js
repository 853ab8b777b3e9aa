// The SDK's client, as this page configures it.
import { createClient, indexedDbStore } from '@oakford/aisp';
import { logEvent } from './call-log.js';
import { configuration } from './configuration.js';
import { showWait } from './waits.js';

let made;

/** The page's one client; made when it is first asked for. */
export function client() {
  made ??= createClient({
    environment: { baseUrl: configuration.baseUrl },
    clientId: configuration.clientId,
    redirectUri: new URL('.', location.href).href,
    // Sessions survive a reload and are shared by all tabs, so tokens are bound to a key that can't leave this browser.
    tokenStore: indexedDbStore(),
    dpop: true,
    onEvent(event) {
      logEvent(event);
      showWait(event);
    },
  });
  return made;
}
