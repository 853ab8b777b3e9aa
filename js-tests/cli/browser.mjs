#!/usr/bin/env node
// Stands for the customer's browser: it is given a URL, the customer consents, and the callback is visited. Prints nothing.
import { appendFileSync } from 'node:fs';
import { approve, deny } from '@oakford/aisp-sandbox/testing';

const { BROWSER_CUSTOMER, BROWSER_LOG } = process.env;
const url = process.argv[2];
const callbackUrl = await (BROWSER_CUSTOMER === 'nobody'
  ? deny(url)
  : approve(url, { user: BROWSER_CUSTOMER }));
const forged = new URL(callbackUrl);
forged.searchParams.set('state', 'forged');
for (const visited of [forged.href, callbackUrl]) {
  const response = await fetch(visited);
  const entry = { url, status: response.status, headers: Object.fromEntries(response.headers) };
  appendFileSync(BROWSER_LOG, `${JSON.stringify({ ...entry, body: await response.text() })}\n`);
}
