// Brings a copy of many customers' transactions up to date, a few customers at a time.

/**
 * Syncs each customer into `copy`, which is `sqliteCopy` or `postgresCopy`. One customer's failure does not end the night: the
 * report names the customers who have to connect again, and those to try again tomorrow.
 */
export async function syncCustomers(client, customers, copy, { concurrency = 8, signal } = {}) {
  const report = { synced: 0, reconnect: [], failed: [] };
  // The workers share one iterator, so that each customer is read by one of them.
  const queue = customers[Symbol.iterator]();
  const work = async () => {
    for (const customer of queue) {
      try {
        if (await syncCustomer(client, customer, copy, signal)) report.synced += 1;
        else report.reconnect.push(customer);
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error.reauthRequired) report.reconnect.push(customer);
        else report.failed.push({ customer, code: error.code, requestId: error.requestId });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return report;
}

/** Returns false if the customer is not connected. */
async function syncCustomer(client, customer, copy, signal) {
  const session = await client.session(customer);
  if (session === null) return false;
  // Calls for people who wait go first, if they share the rate limit.
  const call = { priority: 'background', signal };
  for await (const { accountId } of session.accounts(call)) {
    const checkpoint = await copy.checkpoint(customer, accountId);
    const changes = await session.sync(accountId, { ...call, checkpoint });
    await copy.apply(customer, accountId, checkpoint, changes);
  }
  return true;
}
