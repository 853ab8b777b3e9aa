// Connects a customer's bank from a server that has a client secret, and prints a month of transactions.
import { createClient } from '@oakford/aisp';
import { approve, startSandbox } from '@oakford/aisp-sandbox/testing';

// A sandbox of its own, unless OAKFORD_BASE_URL names one that runs already.
const sandbox = process.env.OAKFORD_BASE_URL ? undefined : await startSandbox();
const client = await createClient({
  environment: { baseUrl: process.env.OAKFORD_BASE_URL ?? sandbox.baseUrl },
  clientId: 'oakford-demo-server',
  clientSecret: 'sandbox-server-secret',
  redirectUri: 'http://127.0.0.1:3000/callback',
});

// 1. Send the customer to `url`, and keep `pending` in their session cookie.
const { url, pending } = await client.beginAuthorization();

// 2. The customer logs in, consents, and comes back to the redirect URI. Here the sandbox's customer James does so.
const callbackUrl = await approve(url, { user: 'james' });

// 3. The code in that URL is exchanged for tokens, and the session stored under a key of yours.
const session = await client.completeAuthorization(callbackUrl, pending, { key: 'james' });

const day = (time) => new Date(time).toISOString().slice(0, 10);
const month = { dateFrom: day(Date.now() - 30 * 86_400_000), dateTo: day(Date.now()) };

for await (const account of session.accounts()) {
  const { items: balances } = await session.balances(account.accountId);
  console.log(`\n${account.name ?? account.accountId}`);
  console.log('balance'.padEnd(12), money(balances[0].balanceAmount));
  for await (const tx of session.transactions(account.accountId, month)) {
    const who = tx.merchantName ?? tx.creditorName ?? tx.debtorName ?? '';
    console.log((tx.bookingDate ?? tx.status).padEnd(12), money(tx.transactionAmount), '', who);
  }
}
await sandbox?.close();

function money({ amount, currency }) {
  return `${amount.padStart(12)} ${currency}`;
}
