/** Runs in a thread whose clock is wrong: connects to the sandbox in the main thread, and tells which times it signed. */
import { parentPort, workerData } from 'node:worker_threads';
import { connectWith } from '../support/clients.mjs';
import { recorder } from '../support/fetch.mjs';
import { jwt } from '../support/jwt.mjs';

const { now } = Date;
Date.now = () => now() + workerData.skewMs;

const { fetch, at } = recorder();
const { session } = await connectWith({ ...workerData.options, fetch });
await session.refresh();
const { items } = await session.accounts();
const { iat } = jwt(at('/oauth/par')[0].form.get('client_assertion')).claims;
const proof = jwt(at('/aisp/v1/accounts').at(-1).headers.dpop).claims;
parentPort.postMessage({ accounts: items.length, iat, proofIat: proof.iat });
