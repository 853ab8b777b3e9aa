// Loads the decoder alone, wasm and builders, as it is built from the present sources.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from '../../benches/decode/build.mjs';
import { load } from '../../benches/decode/ours.mjs';

const out = build();
const wasm = readFileSync(join(out, 'oakford_aisp_bg.wasm'));

/** The decoder: `decode(message, bytes)`, and `Listing` for pages that belong together. */
export const { decode, Listing } = await load(pathToFileURL(`${out}/`), wasm);

/** The numbers of the messages. */
export const Message = { accountList: 0, account: 1, balances: 2, transactionList: 3 };

const encoder = new TextEncoder();

/** Decodes text as a body. */
export const decodeText = (message, text) => decode(message, encoder.encode(text));

/** Decodes rows, given as text of JSON, as a page of transactions. */
export const decodeRows = (...rows) =>
  decodeText(
    Message.transactionList,
    `{"account_id":"a","transactions":[${rows.join(',')}],"next_cursor":null}`,
  );
