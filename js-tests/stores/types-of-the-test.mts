import { createClient, encryptedStore, indexedDbStore, memoryStore, type AispEvent, type Consent, type RateLimitStore, type TokenStore } from '@oakford/aisp';
import { fileStore } from '@oakford/aisp/node';
import { redisStore } from '@oakford/aisp/redis';
import { checkTokenStore } from '@oakford/aisp/testing';
import { createClient as createRedis } from 'redis';
export async function use(key: CryptoKey, own: TokenStore) {
  const redis = await createRedis({ url: 'redis://127.0.0.1' }).connect();
  await checkTokenStore(() => redisStore(redis, { prefix: 'app:' }));
  const tokenStore = encryptedStore(fileStore({ directory: 'x' }), key);
  const both: TokenStore & RateLimitStore = encryptedStore(redisStore(redis), key);
  // @ts-expect-error: a file store counts no calls
  tokenStore.acquire;
  const rateLimitStore: RateLimitStore = indexedDbStore();
  await createClient({ environment: 'sandbox', clientId: 'a', redirectUri: 'b:c', tokenStore: both });
  await createClient({ environment: 'sandbox', clientId: 'a', redirectUri: 'b:c', tokenStore: { ...own, ...rateLimitStore } });
  // @ts-expect-error: release is missing
  await createClient({ environment: 'sandbox', clientId: 'a', redirectUri: 'b:c', rateLimitStore: { acquire: async () => 0 } });
  const onEvent = (event: AispEvent) => event.type === 'consent' && event.daysLeft.toFixed();
  const options = { environment: 'sandbox', clientId: 'a', redirectUri: 'b:c' } as const;
  const client = await createClient({ ...options, tokenStore, rateLimitStore, onEvent });
  const consent: Consent | null | undefined = (await client.session())?.consent;
  return [consent, own, memoryStore()];
}
