/** Makes the objects that a call gives from what the decoder wrote. */

import type { Account, Balance, Transaction } from './generated/models.js';
import { buildAccount, buildBalance, buildTransaction } from './generated/rows.js';
import { buildAll } from './tape.js';

/** What a body was read as: the numbers of the decoder's `Message`. */
export const Message = { accountList: 0, account: 1, balances: 2, transactionList: 3 } as const;

/** The rows of a list, or the one account. It copies what it keeps: the buffers may be the wasm instance's memory. */
export function build(
  message: number,
  texts: Uint8Array,
  tape: Uint32Array,
  aux: Uint8Array,
): Account | Account[] | Balance[] | Transaction[] {
  switch (message) {
    case Message.transactionList:
      return buildAll(texts, tape, aux, buildTransaction);
    case Message.balances:
      return buildAll(texts, tape, aux, buildBalance);
    case Message.account:
      return buildAll(texts, tape, aux, buildAccount)[0] as Account;
    default:
      return buildAll(texts, tape, aux, buildAccount);
  }
}
