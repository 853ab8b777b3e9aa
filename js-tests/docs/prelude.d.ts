// What the fragments in the documentation take for granted: names whose meaning the text around them tells.
import type * as aisp from '@oakford/aisp';

declare global {
  const clientId: string;
  const clientSecret: string;
  const redirectUri: string;
  const callbackUrl: string;
  const pending: aisp.PendingAuthorization;
  const client: aisp.Client;
  const session: aisp.Session;
  const accountId: string;
  const lastCheckpoint: string | undefined;
  const tokenStore: aisp.TokenStore;

  const privateKey: CryptoKey;
  const kid: string;
  const keyPair: CryptoKeyPair;
  const cert: string;
  const key: string;
  const ca: string;

  const connection: unknown;
  function myStore(connection: unknown): aisp.TokenStore;
  function askTheCustomerToConnectAgain(): void;
  function showButtonToBeginAgain(): void;
  function tryLater(error: aisp.AispError): void;
}
