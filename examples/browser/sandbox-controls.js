// The local sandbox's controls: what goes wrong there, on purpose. A real API has none.
import { configuration } from './configuration.js';

/** Lets requests fail: see the sandbox's README for the faults there are. */
export function addFaults(...faults) {
  return ask('faults', 'POST', faults);
}

/** Ends all faults. */
export function clearFaults() {
  return ask('faults', 'DELETE');
}

/** Moves the sandbox's clock: tokens and consents get older. */
export function advanceClock(seconds) {
  return ask('clock', 'POST', { advance_seconds: seconds });
}

/** Ends the consents that an account is part of. */
export async function endConsents(accountId) {
  const { now } = await ask('clock', 'GET');
  const { consents } = await ask('consents', 'GET');
  const concerned = consents.filter(
    ({ status, accountIds }) => status === 'valid' && accountIds.includes(accountId),
  );
  for (const { id } of concerned) await ask('consents', 'POST', { id, expires_at: now });
}

async function ask(what, method, body) {
  const response = await fetch(`${configuration.controls}/${what}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${method} ${what}.`);
  return response.json();
}
