// Warns before a customer's consent ends, so that they connect again in time.
import { ConsentError } from '@oakford/aisp';

/**
 * The option `onEvent` of a client that runs all the time: `alert` hears of each consent once, a week before its end.
 *
 *     createClient({ …, onEvent: consentEvents(alert) })
 */
export function consentEvents(alert) {
  return (event) => {
    if (event.type === 'consent') alert({ key: event.key, daysLeft: event.daysLeft });
  };
}

/**
 * Looks at all customers, once a day: `alert` hears of consents that end within `days`, and of those that have ended or were
 * revoked, with 0 days left.
 */
export async function checkConsents(client, keys, alert, { days = 14 } = {}) {
  for (const key of keys) {
    const daysLeft = await daysLeftOf(client, key);
    if (daysLeft !== undefined && daysLeft <= days) await alert({ key, daysLeft });
  }
}

/** Undefined if the bank does not say when the consent ends. */
async function daysLeftOf(client, key) {
  const session = await client.session(key);
  if (session === null) return 0;
  try {
    // Asked from the bank: the customer may have withdrawn there, and only the accounts say when it ends.
    await session.accounts({ priority: 'background' });
    return session.consent?.daysLeft;
  } catch (error) {
    if (error instanceof ConsentError || error.reauthRequired) return 0;
    throw error;
  }
}
