/** A thousand customers of one client, each with a stored session, and what the bank holds of them. */
import { mock } from 'node:test';
import { createClient, memoryStore } from '@oakford/aisp';
import { publicOptions } from '../support/clients.mjs';
import { approve, startSandbox } from '../support/sandbox.mjs';

const ACCOUNT = 'acc_james_current';

/** Starts a sandbox whose accounts are new, with `count` customers. They share a consent: each has a copy of its tokens. */
export async function manyCustomers(count) {
  const accounts = { [ACCOUNT]: { historyDays: 3 } };
  // The SDK reads back from its own today, so both clocks are on one day. Tokens outlive a move of the sandbox's clock.
  mock.timers.enable({ apis: ['Date'], now: Date.parse(process.env.AISP_SANDBOX_NOW) });
  const accessTokenTtl = 30 * 86_400;
  const sandbox = await startSandbox({ rateLimit: false, accessTokenTtl, scenario: { accounts } });
  const tokenStore = memoryStore();
  const client = await createClient(publicOptions(sandbox, { tokenStore }));
  const { url, pending } = await client.beginAuthorization();
  const callbackUrl = await approve(url, { user: 'james', accounts: [ACCOUNT] });
  const session = await client.completeAuthorization(callbackUrl, pending, { key: 'customer-0' });
  const { value } = await tokenStore.get('session:customer-0');
  const customers = Array.from({ length: count }, (_, index) => `customer-${index}`);
  for (const customer of customers.slice(1))
    await tokenStore.compareAndSwap(`session:${customer}`, null, value);
  const rows = async () => {
    const all = await session.transactions(ACCOUNT).all({ limit: 1000 });
    return all.map(({ key, transactionAmount: { amount, currency } }) => ({ key, amount, currency }));
  };
  return { sandbox, client, tokenStore, customers, session, account: ACCOUNT, rows };
}
